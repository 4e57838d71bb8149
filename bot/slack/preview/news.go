package main

import (
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/story"
)

// source is a feed of the pictures. Those in trouble were well until yesterday.
type source struct {
	id, host, name, lang string
	trouble              string
}

var sources = [...]source{
	{"wire", "wire.example", "World Wire", "en", ""},
	{"news", "news.example", "Example News", "en", ""},
	{"gulf", "gulfpost.example", "Gulf Post", "en", ""},
	{"sea", "seadaily.example", "Sea Daily", "en", ""},
	{"fa", "khabar.example", "خبرگزاری نمونه", "fa", ""},
	{"ar", "akhbar.example", "أخبار المثال", "ar", ""},
	{"he", "hadashot.example", "חדשות לדוגמה", "he", ""},
	{"ru", "vestnik.example", "Пример вестника", "ru", ""},
	{"ship", "shippinglist.example", "Shipping List", "en", "failing"},
	{"port", "harbour.example", "Harbour Notices", "en", "gone"},
	{"law", "ministry.example", "Ministry Bulletin", "en", "silent"},
}

func (s source) url() string { return "https://" + s.host + "/feed.xml" }

func sourceOf(url string) (s source) {
	for _, s = range sources {
		if s.url() == url {
			break
		}
	}
	return s
}

// state is that of a feed after a poll.
func (s source) state(at time.Time, news bool, before feeds.State) feeds.State {
	st := feeds.State{Polled: at, BodyAt: at, Due: at, Held: 20, Pulse: before.Pulse}
	if news {
		st.Pulse.News = at
	}
	trouble := now().Add(-26 * time.Hour)
	if at.Before(trouble) {
		return st
	}
	switch s.trouble {
	case "failing":
		st.Polled, st.Failures, st.FailingSince = trouble, 9, trouble
		st.LastError = "the server answers 503 Service Unavailable"
	case "gone":
		st.Polled, st.Gone, st.FailingSince = trouble, true, trouble
	case "silent":
		st.Pulse = manners.Pulse{News: at.AddDate(0, 0, -12), Every: 20 * time.Hour}
	}
	return st
}

// report is an item, as one or more feeds bring it.
type report struct {
	day      int // before the day of the pictures
	at       string
	by       string // the feeds
	severity story.Severity
	title    string
	text     string
}

// when a report comes.
func (r report) when() time.Time {
	at, err := time.Parse("15:04", r.at)
	if err != nil {
		panic(err) // it is in the table below
	}
	y, m, d := now().AddDate(0, 0, -r.day).Date()
	return time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, now().Location())
}

func (r report) item(f feeds.Feed, s source, at time.Time) feeds.Item {
	link := "https://" + s.host + "/" + r.when().Format("0102-1504")
	return feeds.Item{
		Feed: f.ID, Key: link, Link: link, Canonical: syndication.Canonical(link), Title: r.title, Text: r.text,
		Publisher: s.name, Lang: s.lang, Published: at.UTC(), Fetched: at.UTC(), Arrival: feeds.Fresh,
	}
}

// weight is how severe the report is that an item came from.
func weight(it feeds.Item) story.Severity {
	for _, r := range news {
		if r.title == it.Title && r.when().Equal(it.Published) {
			return r.severity
		}
	}
	return story.SeverityNone
}

const (
	none     = story.SeverityNone
	notable  = story.SeverityNotable
	high     = story.SeverityHigh
	critical = story.SeverityCritical
)

// news is what the feeds bring, in order. All of it is invented.
var news = [...]report{
	{6, "09:10", "wire", none, "Oman offers to host talks on shipping", "The ministry in Muscat said it had written to both sides."},
	{6, "17:40", "gulf", none, "Port of Sohar opens a second container terminal", "Cranes from three makers were shown."},
	{5, "11:25", "news gulf", none, "Envoys fly to Oman for talks on a prisoner exchange", "Two lists of names are said to be agreed."},
	{5, "16:05", "sea", none, "Insurers watch the Strait of Hormuz", "Premiums have not moved yet."},
	{4, "08:50", "ar", none, "عُمان تدعو إلى استئناف المحادثات", "دعت مسقط الطرفين إلى استئناف المحادثات في أقرب وقت."},
	{4, "13:15", "wire", notable, "Iran says talks in Oman may be put off", "A date is to be named by the end of the week."},
	{3, "10:00", "sea", none, "Tanker runs aground near the Strait of Hormuz", "Nobody is hurt; tugs are on their way."},
	{3, "19:30", "ru", none, "Переговоры в Омане могут возобновиться", "Источник в делегации назвал ближайшее воскресенье."},
	{2, "12:20", "news", none, "Oman football team ends talks with its coach", "The federation names a successor on Friday."},
	{2, "15:45", "wire gulf", none, "Oman confirms a new round of talks", "Delegations are expected in Muscat within days."},
	{1, "09:05", "gulf", none, "Muscat prepares for talks: roads to the palace are closed", "Police in Oman ask drivers to use the coast road."},
	{1, "21:30", "he", none, "משלחת תצא לעומאן לשיחות", "המשלחת תצא למסקט ביום ראשון."},

	// The night: night-desk sleeps.
	{0, "00:40", "wire", notable, "Oil passes 104 dollars a barrel after reports from the Gulf", "Traders point to tankers that wait off Fujairah."},
	{0, "01:15", "sea news", high, "Drone falls on deck of a tanker off Fujairah", "The crew is unhurt. The owner speaks of slight damage; the ship goes on under its own power."},
	{0, "02:05", "gulf", none, "Two airlines route flights around the Gulf of Oman", "The detour takes forty minutes."},
	{0, "02:50", "ar", none, "سلطنة عُمان تنفي إغلاق ميناء صحار", "قالت الهيئة إن الميناء يعمل كالمعتاد وإن ناقلات النفط تدخل وتخرج بلا تأخير."},
	{0, "03:20", "ru", none, "Танкеры обходят Ормузский пролив стороной", "Страховщики удвоили премии."},
	{0, "04:10", "he", none, "איראן: מכליות הנפט ימשיכו לצאת מהנמל", "דובר משרד הנפט אמר כי אין שינוי בלוח הזמנים."},
	{0, "05:00", "wire", none, "Inspectors expected back at Natanz next week", "Iran and the agency agree on a list of sites."},
	{0, "05:45", "sea", none, "Insurers double war-risk premiums for tankers in the Gulf", "Brokers in London quote the new rates from noon."},

	// The day.
	{0, "11:02", "ar", none, "عُمان تستضيف جولة جديدة من المحادثات بين إيران والولايات المتحدة في 6 ديسمبر 2026", "قال وزير الخارجية العُماني إن الوفدين سيصلان إلى مسقط مساء السبت."},
	{0, "12:40", "wire", notable, "Iran and the United States to resume nuclear talks in Oman on Sunday", omanSunday},
	{0, "12:55", "ru", none, "Иран и США возобновят переговоры в Омане в воскресенье", "Делегации прибудут в Маскат в субботу вечером, сообщил министр иностранных дел."},
	{0, "13:05", "fa", high, "شمخانی: پیام‌های آمریکا را از طریق عمان دریافت می‌کنیم و پاسخ آن را به‌زودی خواهیم داد!", "علی شمخانی روز دوشنبه گفت که NATO و اتحادیه اروپا نقشی در این گفت‌وگوها ندارند. دور بعدی گفت‌وگوها در ۱۴ آذر در مسقط (Muscat) برگزار می‌شود."},
	{0, "13:12", "wire", notable, "Two tankers struck near the Strait of Hormuz, crews evacuated", tankers},
	{0, "13:20", "news", notable, "Iran and the United States to resume nuclear talks in Oman on Sunday", omanSunday},
	{0, "13:30", "he", notable, "איראן: השיחות בעומאן יתחדשו ביום ראשון (6.12)", `שר החוץ אמר כי "שתי המשלחות" יגיעו למסקט בליל שבת (Muscat).`},
	{0, "14:05", "gulf", notable, "Iran and the United States to resume nuclear talks in Oman on Sunday", omanSunday},
	{0, "14:27", "news gulf sea", critical, "Two tankers struck near the Strait of Hormuz, crews evacuated", tankers},
}

const (
	omanSunday = "Foreign minister Badr al-Busaidi said both delegations would arrive in Muscat on Saturday night. The " +
		"talks are indirect: Omani officials carry the messages. Tehran wants sanctions on its oil lifted first."
	tankers = "The navy of Oman has taken 41 sailors off both ships. Nobody has claimed the attack; insurers have " +
		"suspended cover for the strait."
)

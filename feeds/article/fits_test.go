package article

import "testing"

func TestFits(t *testing.T) {
	const lead = "Oman will host a fifth round of talks between Iran and the United States on Friday"
	for _, c := range []struct {
		title, text string
		want        bool
	}{
		{"Oman to host new round of talks", lead, true},
		{"شمخانی: گفت‌وگوها در مسقط ادامه می‌یابد", "علی شمخانی گفت گفت‌وگوها ادامه دارد", true},
		{"В Маскате пройдут переговоры с Ираном", "Новый раунд переговоров пройдёт в столице Омана", true},
		{"Ten dead as bus overturns near Shiraz", lead, false},
		{"Live", lead, true},
		{"", lead, true},
	} {
		if err := Fits(c.text, c.title, "In short."); (err == nil) != c.want {
			t.Errorf("%q: %v", c.title, err)
		}
	}
	if Fits(lead, "", lead) == nil {
		t.Error("a text that says the same takes the place of another")
	}
}

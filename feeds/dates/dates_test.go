package dates

import (
	"strings"
	"testing"
	"time"
)

// TestParse: all that stands beside a time means it; what stands beside none means nothing.
func TestParse(t *testing.T) {
	for want, texts := range map[string]string{
		"2026-02-06T08:00:00Z": `Fri, 06 Feb 2026 08:00:00 GMT
			Fri, 06 Feb 2026 08:00:00 +0000
			Fri, 06 Feb 2026 11:00:00 +0300
			Fri, 6 Feb 26 11:00 MSK
			Friday, 06-Feb-26 08:00:00 UTC
			Fri,06 Feb 2026 08:00:00 Z
			Fri, 06 Feb 2026 03:00:00 EST
			06 Feb 2026 00:00:00 PST
			Fri, 06 Feb 2026 17:00:00 JST
			Fri, 06 Feb 2026 13:30:00 IST
			Fri, 06 Feb 2026 11:30:00 IRST
			Fri, 06 Feb 2026 10:00:00 IST+02:00
			Fri, 06 Feb 2026 11:00:00 GMT+0300 (Arabian Standard Time)
			Fri, 06 Feb 2026 11:00:00 UTC+3
			Fri, 06 Feb 2026 08:00:00 --0000
			Fri Feb  6 08:00:00 2026
			Fri Feb 06 08:00:00 UTC 2026
			Fri Feb 06 08:00:00 +0000 2026
			Feb 6, 2026 8:00 AM
			February 6th, 2026 at 8:00 a.m. UTC
			6 February 2026, 08:00
			2026-02-06T08:00:00Z
			2026-02-06T08:00:00.123456Z
			2026-02-06T08:00Z
			2026-02-06T08Z
			2026-02-06T11:30:00+0330
			2026-02-06T11:30:00+03:30[Asia/Tehran]
			2026-02-06 08:00:00
			2026-02-06 08:00:00 +0000 UTC
			2026/02/06 08:00
			2026.02.06 08:00
			20260206T080000Z
			20260206080000
			06.02.2026 08:00
			06/02/2026 08:00:00
			2/6/2026 8:00:00 AM
			08:00 06.02.2026
			08:00 - 06.02.2026
			1770364800
			1770364800000
			Пт, 06 фев 2026 11:00:00 +0300
			6 февраля 2026 г., 08:00
			6 лютого 2026, 08:00
			٦ فبراير ٢٠٢٦ ٠٨:٠٠
			الجمعة، 6 شباط 2026 08:00
			۶ فوریه ۲۰۲۶ ۰۸:۰۰
			יום שישי, 6 בפברואר 2026 08:00
			06 Şub 2026 08:00
			6 Şubat 2026 Cuma 08:00
			ven., 06 févr. 2026 08:00:00 +0000
			vendredi 6 février 2026 08h00
			Fr, 06 Feb 2026 09:00:00 MEZ
			6. Februar 2026 08:00
			Παρ, 06 Φεβ 2026 08:00:00 GMT
			2026. február 6. 08:00
			2026-február-6T8:00-00:00
			viernes, 6 de febrero de 2026 08:00
			venerdì 6 febbraio 2026 08:00
			6 lutego 2026 08:00
			6. února 2026 08:00
			2026년 02월 06일 오전 08:00:00
			2026-02-06 오전 8:00:00
			2026年2月6日 08時00分
			2026年2月6日 上午8:00
			Fri,  06  Feb  2026  08:00:00  GMT`,
		"2026-08-04T20:30:15Z": `Tue, 04 Aug 2026 20:30:15 GMT
			Mar, 04 Aug 2026 20:30:15 GMT
			mar. 4 août 2026 20:30:15
			4/8/2026 20:30:15
			8/4/2026 8:30:15 PM
			2026년 08월 04일 오후 08:30:15
			2026-08-04 오후 8:30:15
			2026年8月4日 下午8:30:15
			4 آب 2026 20:30:15
			4 أغسطس 2026 20:30:15
			4 Ağustos 2026 20:30:15
			Τρι, 04 Αυγ 2026 16:30:15 EDT
			2026-08-05T02:00:15+05:30
			2026-08-04t20:30:15z`,
		"2026-11-05T00:00:00Z": `5 Nov 2026
			2026-11-05
			20261105
			2026-309
			2026309
			5.11.2026`,
		"2026-10-05T00:00:00Z": "5 تشرين الأول 2026\n5 أكتوبر 2026\n5 اکتبر 2026\n2026-10-04T24:00:00Z",
		"2026-07-01T00:00:00Z": "2026-07\n1 июля 2026\n1 juillet 2026\n1 lipca 2026\n1 července 2026\n1 июля 26",
		"2026-06-01T00:00:00Z": "1 июня 2026\n1 juin 2026\n1 czerwca 2026\n1 června 2026\n1 חודש יוני 2026",
		"":                     "\n \nnever\nFri, 06 Feb\n08:00\n31 Feb 2026\n2026-13-01\n17 بهمن 1404\n1404/11/17 08:00\n2026-02-06T25:00:00Z\n32 Jan 2026\n" + strings.Repeat("9", 5000),
	} {
		for text := range strings.Lines(texts) {
			text = strings.TrimSpace(text)
			got := ""
			if read, ok := Parse(text); ok {
				got = read.Truncate(time.Second).Format(time.RFC3339)
			}
			if got != want {
				t.Errorf("%q is %q, want %q", text, got, want)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"Fri, 06 Feb 2026 08:00:00 GMT", "2026-02-06T08Z", "2026年2月6日 08時00分", "08:00 - 06.02.2026", "20260206080000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, ok := Parse(text)
		if ok && read.Location() != time.UTC || !ok && !read.IsZero() {
			t.Errorf("%q is %v, %v", text, read, ok)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"Fri, 06 Feb 2026 08:00:00 GMT", "Fri, 06 Feb 2026 03:00:00 EST"} {
		b.Run(text[26:], func(b *testing.B) {
			for b.Loop() {
				Parse(text)
			}
		})
	}
}

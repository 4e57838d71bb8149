package limits

// most is as good as no limit: of what rich text holds only the whole block is limited.
const most = 1 << 20

// rich is the elements of a rich_text block: sections, lists of them, preformatted text and quotes.
func rich() check {
	section := object(fields{"*type": word("rich_text_section"), "*elements": list(0, most, typed(spans()))})
	return list(1, most, typed(map[string]check{
		"rich_text_section": section,
		"rich_text_list": object(fields{
			"*type": word("rich_text_list"), "*elements": list(1, most, section),
			"*style": word("bullet", "ordered"), "indent": number(0, 8), "offset": number(0, most),
			"border": number(0, 1),
		}),
		"rich_text_preformatted": object(fields{
			"*type": word("rich_text_preformatted"), "*elements": list(1, most, typed(spans())),
			"border": number(0, 1), "language": str(maxID),
		}),
		"rich_text_quote": object(fields{
			"*type": word("rich_text_quote"), "*elements": list(1, most, typed(spans())),
			"border": number(0, 1),
		}),
	}))
}

// spans are what stands in a line of rich text.
func spans() map[string]check {
	look := object(fields{
		"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean,
		"highlight": boolean, "client_highlight": boolean, "unlink": boolean,
	})
	span := func(name string, more fields) check {
		f := fields{"*type": word(name), "style": look}
		for name, c := range more {
			f[name] = c
		}
		return object(f)
	}
	return map[string]check{
		"text":      span("text", fields{"*text": str(most)}),
		"link":      span("link", fields{"*url": link(3000), "text": maybe(most), "unsafe": boolean}),
		"user":      span("user", fields{"*user_id": str(maxID)}),
		"usergroup": span("usergroup", fields{"*usergroup_id": str(maxID)}),
		"channel":   span("channel", fields{"*channel_id": str(maxID)}),
		"broadcast": span("broadcast", fields{"*range": word("here", "channel", "everyone")}),
		"emoji":     span("emoji", fields{"*name": str(maxID), "unicode": str(maxID)}),
		"date": span("date", fields{
			"*timestamp": number(0, 1<<40), "*format": str(maxID), "url": link(3000), "fallback": maybe(most),
		}),
	}
}

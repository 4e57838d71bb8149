package bot

import "fmt"

// LeftNotice tells whoever had the bot post in a channel that it cannot any more. The name is the
// channel's for people, if it is known. It is pure.
func LeftNotice(c Channel, name, why string) Notice {
	where := string(c)
	if name != "" {
		where = "#" + name
	}
	return Notice{
		Title: "Nothing can be posted in " + where,
		Lines: []string{
			fmt.Sprintf("An alert for it was refused: %s.", why),
			"What it follows is kept, and begins again by itself when the bot is let back in. " +
				"What came meanwhile is not told there.",
		},
	}
}

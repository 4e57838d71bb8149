package bot

import (
	"fmt"
	"strings"
)

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

// BackNotice tells a channel into which the bot was let what it hears of from now on. It is pure.
func BackNotice(watches []string) Notice {
	return Notice{
		Title: "tensionwatch is here",
		Lines: []string{fmt.Sprintf("This channel follows %s. You hear of what comes from now on; "+
			"what came while the bot was out is not told.", named(watches))},
	}
}

// named lists names, and counts those that are too many.
func named(names []string) string {
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

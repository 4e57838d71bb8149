package rules_test

import (
	"errors"
	"fmt"

	"github.com/tensionwatch/tensionwatch/rules"
)

func Example() {
	set, err := rules.Compile([]rules.Watch{
		{ID: "oman-talks", Rule: "Oman talks"},
		{ID: "shamkhani", Rule: "Shamkhani OR شمخانی"},
		{ID: "hormuz", Rule: `"Strait of Hormuz" -football`},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := rules.Document{
		Title: "شمخاني: no comment",
		Text:  "Oman's minister says the talks will go on.",
	}
	for _, m := range set.Match(d) {
		for _, h := range m.Hits {
			fmt.Printf("%s: %q in the %s\n", m.Watch, d.Field(h.Field)[h.Start:h.End], h.Field)
		}
	}
	// Output:
	// oman-talks: "Oman" in the text
	// oman-talks: "talks" in the text
	// shamkhani: "شمخاني" in the title
}

func ExampleSyntaxError_Caret() {
	_, err := rules.Parse("Oman AND titel:talks")
	var mistake *rules.SyntaxError
	if errors.As(err, &mistake) {
		fmt.Println(mistake)
		fmt.Println(mistake.Caret())
	}
	// Output:
	// column 10: there is no field titel:; did you mean title:, or a word in quotes?
	// Oman AND titel:talks
	//          ^~~~~~
}

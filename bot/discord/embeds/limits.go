package embeds

// What Discord takes, in UTF-16 units: it does not say what it counts, and nothing counts more.
const (
	maxContent     = 2_000
	maxEmbeds      = 10
	maxTotal       = 6_000 // all texts of all embeds together
	maxTitle       = 256
	maxDescription = 4_096
	maxFooter      = 2_048
	maxLink        = 2_048
	maxRows        = 5
	maxInRow       = 5 // buttons; a menu fills a row
	maxLabel       = 80
	maxID          = 100 // custom_id, and the value of a choice
	maxOptions     = 25
	maxOption      = 100
	maxPlaceholder = 150
	maxInputs      = 5
	maxFormTitle   = 45
	maxInputLabel  = 45
	maxInputHint   = 100
	maxInput       = 4_000
)

// What we think is enough to read, in the same units.
const (
	summaryLength   = 600
	paragraphLength = 1_500
	bulletLength    = 160
	nameLength      = 60
	footLength      = 400
	linkLength      = 300 // of a link in a text: it counts towards what the texts may have
	entryLines      = 6
)

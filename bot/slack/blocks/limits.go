package blocks

// What Slack takes, in UTF-16 units: it does not say what it counts, and nothing counts more.
const (
	maxBlocks     = 50
	maxViewBlocks = 100
	maxTotal      = 13_000 // measured by others for all blocks together, not documented
	maxViewTotal  = 40_000 // ours: a view is refused somewhere beyond
	maxText       = 4_000  // advised; the limit is 40,000
	maxParagraph  = 3_000
	maxHeader     = 150
	maxElements   = 25 // of an actions block
	maxLabel      = 75
	maxValue      = 2_000
	maxOptions    = 100
	maxOption     = 75
	maxOptionSays = 150
	maxMetadata   = 3_000
	maxFormTitle  = 24
	maxFormLabel  = 2_000
	maxInput      = 3_000
	maxConfirm    = 300
	maxConfirmBut = 30
)

// What we think is enough to read, in the same units.
const (
	headlineLength = 300
	summaryLength  = 600
	bulletLength   = 160
	nameLength     = 60
	errorLength    = 300
)

package rules

import "github.com/tensionwatch/tensionwatch/rules/names"

// Everyone is the owner of aliases that hold for all watches.
const Everyone = "config"

// Alias says that several spellings are of one name.
type Alias struct {
	Owner string   // whose watches it is for, as in [Watch]; [Everyone] for all
	Names []string // at least two
}

// Names are the spellings of names beyond those a rule writes out: the shipped sets, configured
// ones and those of single owners. A nil *Names knows none. It never changes.
type Names struct {
	shipped []names.Set
	added   []Alias
}

// NewNames returns the shipped sets with the aliases added. An alias that shares a spelling with
// another set widens that set.
func NewNames(added []Alias) *Names {
	return &Names{shipped: names.Shipped(), added: added}
}

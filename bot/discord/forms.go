package discord

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"strings"
	"sync"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

const (
	// keptForm begins the name of a form that is kept here: Discord carries a hundred characters
	// through a form, and none of what is wrong with it.
	keptForm = "form:"

	// againForm begins that of one which a message asks to open again.
	againForm = "again:"

	maxForms  = 2_000
	maxFormID = 100
)

// forms are the forms that people may still fill in.
type forms struct {
	mu    sync.Mutex
	kept  map[string]bot.Form
	order []string
}

func newForms() *forms { return &forms{kept: make(map[string]bot.Form)} }

// carried is what a form brings back as it is, where there is room for it.
type carried struct {
	Command string            `json:"c"`
	Args    map[string]string `json:"a,omitempty"`
}

// name names a form so that what belongs to it is found when it was filled in, even by another
// process where that is possible.
func (f *forms) name(form bot.Form, asked bot.Channel) string {
	text, err := json.Marshal(carried{form.Command, form.Args})
	elsewhere := form.Channel != "" && form.Channel != asked
	if err != nil || elsewhere || clean.Units(string(text)) > maxFormID {
		return f.keep(keptForm, form)
	}
	return string(text)
}

// keep keeps a form with all of it, and returns its name.
func (f *forms) keep(prefix string, form bot.Form) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := prefix + rand.Text()
	f.kept[id] = form
	f.order = append(f.order, id)
	if len(f.order) > maxForms {
		delete(f.kept, f.order[0])
		f.order = f.order[1:]
	}
	return id
}

// find returns a form by its name.
func (f *forms) find(id string) (bot.Form, bool) {
	if strings.HasPrefix(id, keptForm) || strings.HasPrefix(id, againForm) {
		f.mu.Lock()
		defer f.mu.Unlock()
		form, ok := f.kept[id]
		return form, ok
	}
	var c carried
	if json.Unmarshal([]byte(id), &c) != nil || c.Command == "" {
		return bot.Form{}, false
	}
	return bot.Form{Command: c.Command, Args: c.Args}, true
}

// filled is what a form says once it was filled in.
func filled(form bot.Form, made map[string]string) map[string]string {
	args := maps.Clone(form.Args)
	if args == nil {
		args = make(map[string]string, len(made))
	}
	maps.Copy(args, made)
	return args
}

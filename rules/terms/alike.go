package terms

import (
	"github.com/tensionwatch/tensionwatch/rules/names"
	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// alikes are the names that are looked for by their sound.
type alikes struct {
	words dictionary // keys of sounds to uses
	uses  []use      // phrase is a place in names, plus one; at a place among its sounds
	names [][]names.Sound
}

// soundsOf returns the sounds of a name, its particles aside, unless it has nothing else.
func soundsOf(text string) []names.Sound {
	var all, kept []names.Sound
	for _, w := range words.Cut(text) {
		sound := names.SoundOf(text[w.Start:w.End])
		all = append(all, sound)
		if !names.IsParticle(w.Folded) {
			kept = append(kept, sound)
		}
	}
	if kept == nil {
		return all
	}
	return kept
}

// recogniseAlike notes the terms that sound like words of the page.
func (t *Table) recogniseAlike(f *Findings) {
	if len(t.alikes.names) == 0 {
		return
	}
	for i := range f.page.Spans {
		if names.IsParticle(f.page.Folded(int32(i))) {
			continue // nobody is called so
		}
		for _, key := range f.page.Voice(int32(i)).Keys {
			found := t.alikes.words.find(key)
			if found == nil {
				continue
			}
			for _, u := range t.alikes.uses[found.ref : found.ref+found.n] {
				if at, ok := soundsLike(f.page, t.alikes.names[u.phrase-1], int32(i), int(u.at)); ok {
					f.note(u.term, at)
				}
			}
		}
	}
}

// soundsLike reports whether the words around place i sound like a name of which the word there
// stands at the given place, and where they begin and end. Particles between them are passed over.
func soundsLike(p *page.Page, name []names.Sound, i int32, at int) (found page.Span, ok bool) {
	found, alike := page.Span{From: i, To: i + 1}, false
	for k, j := at, i; k >= 0; k-- {
		if j == page.None || !name[k].Echoes(p.Voice(j).Sound) {
			return found, false
		}
		alike = alike || name[k].Alike(p.Voice(j).Sound)
		found.From = j
		j = p.Before(j)
	}
	for k, j := at+1, p.After(i); k < len(name); k++ {
		if j == page.None || !name[k].Echoes(p.Voice(j).Sound) {
			return found, false
		}
		alike = alike || name[k].Alike(p.Voice(j).Sound)
		found.To = j + 1
		j = p.After(j)
	}
	return found, alike
}

package rules

import (
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/tensionwatch/tensionwatch/rules/index"
	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
)

const (
	// smallest is how many watches a layer of the smallest tier may have, maxSmall how many such
	// layers there may be, and growth how many times more watches each larger tier has. So in a set
	// that changes all the time most changes index some 4 rules anew, and one in 128 many more.
	smallest = 8
	maxSmall = 16
	growth   = 8

	// keptReady is up to how many watches a layer keeps their rules parsed, for the next merge.
	keptReady = 1024

	// batch is how many rules are parsed before they are indexed, to bound the memory they take.
	batch = 1 << 14
)

// layer is watches indexed once, in order of their IDs, and which of them have since been taken
// out.
type layer struct {
	*indexed
	dead graves
}

// indexed never changes, but for what it keeps to spare memory. Watches with the same rule share it.
type indexed struct {
	roll
	index   *index.Index
	ready   []prepared // of each watch, if they are few
	heads   []uint32   // of each rule, and one more: where its watches begin in sharing
	sharing []uint32   // places of watches, rule by rule
	orders  *sync.Pool // of *[2][]uint64, for match
}

// prepared is a rule ready to be indexed.
type prepared struct {
	key  string // rules with equal keys are equal
	root query.Node
}

// prepare parses a watch's rule and takes up the spellings of its names. The error is a
// *[WatchError].
func prepare(w Watch, names *Names) (prepared, error) {
	rule, err := Parse(w.Rule)
	if err != nil {
		return prepared{}, &WatchError{w, err}
	}
	key := rule.String()
	root, own := names.spell(rule.Root, w.Owner)
	if own {
		key += "\x00" + w.Owner
	}
	return prepared{key, root}, nil
}

// prepareAll prepares watches on all processors.
func prepareAll(watches []Watch, names *Names) ([]prepared, error) {
	ready := make([]prepared, len(watches))
	var group errgroup.Group
	share := len(watches)/runtime.GOMAXPROCS(0) + 1
	for from := 0; from < len(watches); from += share {
		group.Go(func() error {
			for i := from; i < min(from+share, len(watches)); i++ {
				var err error
				if ready[i], err = prepare(watches[i], names); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return ready, group.Wait()
}

// newLayer indexes watches, which are in order of ID.
func newLayer(r *page.Reader, watches []Watch, names *Names) (layer, error) {
	b := newLayerBuilder(r, watches)
	for from := 0; from < len(watches); from += batch {
		ready, err := prepareAll(watches[from:min(from+batch, len(watches))], names)
		if err != nil {
			return layer{}, err
		}
		b.add(ready)
	}
	return b.layer(), nil
}

// merged indexes watches of which the rules may be prepared.
func merged(r *page.Reader, watches []Watch, ready []prepared, names *Names) layer {
	if len(ready) < len(watches) {
		slices.SortFunc(watches, byID)
		l, err := newLayer(r, watches, names)
		if err != nil {
			panic("rules: a compiled rule does not compile: " + err.Error())
		}
		return l
	}
	order := make([]int, len(watches))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return byID(watches[i], watches[j]) })
	sorted, inOrder := make([]Watch, len(order)), make([]prepared, len(order))
	for to, from := range order {
		sorted[to], inOrder[to] = watches[from], ready[from]
	}
	b := newLayerBuilder(r, sorted)
	b.add(inOrder)
	return b.layer()
}

// layerBuilder makes a layer.
type layerBuilder struct {
	*index.Builder
	*indexed
	rules  map[string]uint32
	ruleOf []uint32 // of each watch
}

func newLayerBuilder(r *page.Reader, watches []Watch) *layerBuilder {
	return &layerBuilder{
		Builder: index.NewBuilder(r, len(watches)),
		indexed: &indexed{roll: newRoll(watches), orders: new(sync.Pool)},
		rules:   make(map[string]uint32, len(watches)),
		ruleOf:  make([]uint32, 0, len(watches)),
	}
}

// add adds the rules of the watches that come next.
func (b *layerBuilder) add(ready []prepared) {
	if b.roll.len() <= keptReady {
		b.ready = append(b.ready, ready...)
	}
	for _, p := range ready {
		rule, known := b.rules[p.key]
		if !known {
			rule = uint32(len(b.rules))
			b.rules[p.key] = rule
			b.Add(p.root)
		}
		b.ruleOf = append(b.ruleOf, rule)
	}
}

// layer returns the layer of what was added.
func (b *layerBuilder) layer() layer {
	b.index = b.Builder.Index()
	b.heads = make([]uint32, len(b.rules)+1)
	for _, rule := range b.ruleOf {
		b.heads[rule+1]++
	}
	for i := range len(b.rules) {
		b.heads[i+1] += b.heads[i]
	}
	b.sharing = make([]uint32, len(b.ruleOf))
	next := slices.Clone(b.heads)
	for i, rule := range b.ruleOf {
		b.sharing[next[rule]] = uint32(i)
		next[rule]++
	}
	return layer{indexed: b.indexed}
}

// match appends the watches that a page answers, in order of ID.
func (l layer) match(p *page.Page, matches []Match) []Match {
	answers := l.index.Match(p)
	if len(answers) == 0 {
		return matches
	}
	pair, _ := l.orders.Get().(*[2][]uint64)
	if pair == nil {
		pair = new([2][]uint64)
	}
	order := pair[0][:0] // watches, each above the place of its answer
	for i, a := range answers {
		for _, w := range l.sharing[l.heads[a.Rule]:l.heads[a.Rule+1]] {
			if !l.dead.has(w) {
				order = append(order, uint64(w)<<32|uint64(i))
			}
		}
	}
	pair[0], pair[1] = sortHigh(order, pair[1], l.roll.len())
	order = pair[0]
	matches = slices.Grow(matches, len(order))
	for _, o := range order {
		matches = append(matches, Match{l.id(uint32(o >> 32)), answers[uint32(o)].Hits})
	}
	l.orders.Put(pair)
	return matches
}

// len returns how many watches have not been taken out.
func (l layer) len() int { return l.roll.len() - l.dead.n }

// tier is the size of the layer, in steps of growth.
func (l layer) tier() int { return tierOf(l.len()) }

func tierOf(n int) int {
	tier := 0
	for most := smallest; n > most; most *= growth {
		tier++
	}
	return tier
}

// search returns the place of the watch with an ID, if the layer has it.
func (l layer) search(id string) (uint32, bool) {
	at, ok := l.roll.search(id)
	return at, ok && !l.dead.has(at)
}

// without returns the layer without the watch at a place. A small one is indexed anew, and so is
// one of which half is gone.
func (l layer) without(at uint32, names *Names, r *page.Reader) layer {
	l.dead = l.dead.with(at)
	if l.roll.len() > smallest && 2*l.dead.n < l.roll.len() {
		return l
	}
	watches, ready := l.appendLiving(nil, nil)
	return merged(r, watches, ready, names)
}

// appendLiving appends the watches that have not been taken out, with their rules if they are kept.
func (l layer) appendLiving(watches []Watch, ready []prepared) ([]Watch, []prepared) {
	for i := range uint32(l.roll.len()) {
		if l.dead.has(i) {
			continue
		}
		watches = append(watches, l.watch(i))
		if l.ready != nil {
			ready = append(ready, l.ready[i])
		}
	}
	return watches, ready
}

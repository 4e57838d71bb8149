package names

import (
	"bufio"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pair is a word of a name in Latin letters and in another script.
type pair struct {
	latin, other string
	attested     bool // on two persons or more; the rest has wrong pairs
}

// readPairs returns the pairs of a script in a fixed random order. The corpus is one of single
// words that were aligned by machine.
func readPairs(tb testing.TB, script string) []pair {
	archive := filepath.Join("..", "..", "..", "shared", "data", "names.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		tb.Skipf("the corpus of names is absent: %v", err)
	}
	dir, member := tb.TempDir(), "names/wd_"+script+"_80"
	out, err := exec.Command("tar", "-xJf", archive, "-C", dir, member).CombinedOutput()
	if err != nil {
		tb.Fatalf("unpacking %s: %v: %s", archive, err, out)
	}
	file, err := os.Open(filepath.Join(dir, member))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var pairs []pair
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) == 3 && len(fields[0]) > 2 {
			other := strings.ReplaceAll(fields[1], " ", "")
			pairs = append(pairs, pair{fields[0], other, fields[2] != "1"})
		}
	}
	random := rand.New(rand.NewPCG(1, 0))
	random.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs
}

// A fullName is a name of two words, each as in a pair.
type fullName [2]pair

func drawNames(random *rand.Rand, from []pair, n int) []fullName {
	drawn := make([]fullName, n)
	for i := range drawn {
		drawn[i] = fullName{from[random.IntN(len(from))], from[random.IntN(len(from))]}
	}
	return drawn
}

func (f fullName) inLatin() string { return f[0].latin + " " + f[1].latin }
func (f fullName) inOther() string { return f[0].other + " " + f[1].other }

// isSame reports whether the corpus spells both words of b as words of a.
func isSame(a, b fullName, spelt map[[2]string]bool) bool {
	return spelt[[2]string{a[0].latin, b[0].other}] && spelt[[2]string{a[1].latin, b[1].other}]
}

// filed holds names by the keys of both their words, as a matcher does.
type filed map[[2]string][]int

func file(names []fullName) filed {
	f := filed{}
	for i, n := range names {
		for _, k := range pairsOf(Keys(n[0].other), Keys(n[1].other)) {
			f[k] = append(f[k], i)
		}
	}
	return f
}

func pairsOf(first, second []string) (all [][2]string) {
	for _, a := range first {
		for _, b := range second {
			all = append(all, [2]string{a, b})
		}
	}
	return all
}

// find returns the names that share a key of each word with n.
func (f filed) find(n fullName) []int {
	var found []int
	for _, k := range pairsOf(Keys(n[0].latin), Keys(n[1].latin)) {
		found = append(found, f[k]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

type score struct{ recall, precision float64 }

// measure looks for each of 5,000 names of two words among its spelling in the other script and
// 10,000 other names.
func measure(held, wanted []pair, all []pair) score {
	spelt := map[[2]string]bool{}
	for _, p := range all {
		spelt[[2]string{p.latin, p.other}] = true
	}
	random := rand.New(rand.NewPCG(2, 0))
	queries, others := drawNames(random, wanted, 5000), drawNames(random, held, 10_000)
	index := file(others)
	right, wrong := 0, 0
	for _, q := range queries {
		if AlikeNames(q.inLatin(), q.inOther()) {
			right++
		}
		for _, i := range index.find(q) {
			if !isSame(q, others[i], spelt) {
				wrong++
			}
		}
	}
	return score{float64(right) / float64(len(queries)), float64(right) / float64(right+wrong)}
}

// scores measures a script on the half of the corpus that a change to the rules should not be made
// by: read what they miss in the first half. Attested are pairs that the corpus has of several people.
func scores(tb testing.TB, script string) (attested, all score, alike float64) {
	pairs := readPairs(tb, script)
	held := pairs[len(pairs)/2:]
	sure := slices.DeleteFunc(slices.Clone(held), func(p pair) bool { return !p.attested })
	same := 0
	for _, p := range sure {
		if Alike(p.latin, p.other) {
			same++
		}
	}
	return measure(held, sure, pairs), measure(held, held, pairs), float64(same) / float64(len(sure))
}

// TestRecallAndPrecision prints the table and holds the sound-alike rules to it.
func TestRecallAndPrecision(t *testing.T) {
	t.Log("Latin to   attested: recall precision   all: recall precision   words: recall")
	for _, script := range []string{"arabic", "hebrew", "russian"} {
		attested, all, words := scores(t, script)
		t.Logf("%-10s %16.3f %9.3f %13.3f %9.3f %15.3f", script, attested.recall,
			attested.precision, all.recall, all.precision, words)
		if attested.recall < 0.90 || attested.precision < 0.98 {
			t.Errorf("%s: want a recall of 0.90 at a precision of 0.98", script)
		}
	}
}

// BenchmarkAlikeNames reports recall and precision beside the time of a comparison.
func BenchmarkAlikeNames(b *testing.B) {
	for _, script := range []string{"arabic", "hebrew", "russian"} {
		b.Run(script, func(b *testing.B) {
			attested, all, _ := scores(b, script)
			names := drawNames(rand.New(rand.NewPCG(3, 0)), readPairs(b, script), 1000)
			for i := 0; b.Loop(); i++ {
				AlikeNames(names[i%1000].inLatin(), names[i%1000].inOther())
			}
			b.ReportMetric(attested.recall, "recall")
			b.ReportMetric(attested.precision, "precision")
			b.ReportMetric(all.recall, "recall-all")
			b.ReportMetric(all.precision, "precision-all")
		})
	}
}

func BenchmarkKey(b *testing.B) {
	words := strings.Fields("Shamkhani شمخانی Шамхани שמח'אני Mohammed محمد Zelenskyy Зеленский")
	b.ReportAllocs()
	for i := range b.N {
		Key(words[i%len(words)])
	}
}

// Command table prints how long every engine takes for a document, as multiples of the product's
// time in the same run. It takes two minutes and 2.5 GB of memory at a million rules:
//
//	go run ./table
//	go run ./table -most 10000
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/tensionwatch/tensionwatch/rules/bench"
)

func main() {
	data := flag.String("data", "../../../shared/data", "directory of the corpora")
	documents := flag.Int("documents", 5_000, "how many documents to match")
	most := flag.Int("most", 1_000_000, "the largest number of rules")
	rounds := flag.Int("rounds", 5, "how often each engine has its turn")
	turn := flag.Duration("turn", 400*time.Millisecond, "how long a turn lasts")
	flag.Parse()
	if err := run(*data, *documents, *most, plan{*rounds, *turn}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run compares the engines at all sizes and prints the tables.
func run(data string, documents, most int, p plan) error {
	contest, err := bench.Load(data, documents, most)
	if err != nil {
		return err
	}
	t := table{documents: len(contest.Documents), plan: p, entrants: contest.Entrants()}
	for _, n := range bench.Sizes() {
		if n > most {
			break
		}
		fmt.Fprintf(os.Stderr, "%d rules\n", n)
		column, err := p.compare(contest, n)
		if err != nil {
			return fmt.Errorf("comparing at %d rules: %w", n, err)
		}
		t.sizes, t.columns = append(t.sizes, n), append(t.columns, column)
	}
	t.print(os.Stdout)
	return nil
}

package rules

// graves are the places of watches that have been taken out of a layer: a set of numbers that never
// changes and shares most of itself with the one that it was made from.
type graves struct {
	n    int
	rows []*grave // of graveSize numbers each; nil for none
}

const graveSize = 4096

type grave [graveSize / 64]uint64

func (g graves) has(i uint32) bool {
	row := i / graveSize
	return int(row) < len(g.rows) && g.rows[row] != nil &&
		g.rows[row][i%graveSize/64]&(1<<(i%64)) != 0
}

// with returns the set with one number more, which it does not have.
func (g graves) with(i uint32) graves {
	row := int(i / graveSize)
	rows := make([]*grave, max(len(g.rows), row+1))
	copy(rows, g.rows)
	changed := new(grave)
	if rows[row] != nil {
		*changed = *rows[row]
	}
	changed[i%graveSize/64] |= 1 << (i % 64)
	rows[row] = changed
	return graves{g.n + 1, rows}
}

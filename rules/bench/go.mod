module github.com/tensionwatch/tensionwatch/rules/bench

go 1.26.8

replace github.com/tensionwatch/tensionwatch => ../..

require (
	github.com/BobuSumisu/aho-corasick v1.0.3
	github.com/tensionwatch/tensionwatch v0.0.0-00010101000000-000000000000
)

require (
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/pelletier/go-toml/v2 v2.4.3 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

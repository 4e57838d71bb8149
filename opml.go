package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/tensionwatch/tensionwatch/config"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/opml"
	"github.com/tensionwatch/tensionwatch/store"
)

// maxList is how long a list of feeds may be, in bytes: tens of thousands of feeds.
const maxList = 8 << 20

// feedList takes over the feeds of another reader, or writes down those of the bot.
func feedList(ctx context.Context, c *call) error {
	settings := c.settings()
	args, err := c.parse()
	if err != nil {
		return err
	}
	const write = "write tensionwatch opml import FILE, or tensionwatch opml export FILE"
	switch {
	case len(args) == 0:
		return usageError{errors.New("opml wants to know what to do: " + write)}
	case args[0] != "import" && args[0] != "export":
		return usageError{fmt.Errorf("opml does not know %q: %s", args[0], write)}
	case len(args) != 2:
		return usageError{fmt.Errorf("opml %s wants one FILE (- is standard input or output), got %d",
			args[0], len(args)-1)}
	}
	if _, err := settings.logger(c.stderr); err != nil {
		return err
	}
	cfg, err := settings.load()
	if err != nil {
		return err
	}
	if args[0] == "import" {
		return importList(ctx, cfg, args[1], c.stdout)
	}
	return exportList(ctx, cfg, args[1], c.stdout)
}

// importList adds the feeds of a list to the bot's and tells what became of each.
func importList(ctx context.Context, cfg *config.Config, file string, stdout io.Writer) error {
	list, err := readList(file)
	if err != nil {
		return err
	}
	return withFeeds(ctx, cfg, func(db *store.DB, inUse []feeds.Source) error {
		fresh, there := sortOut(list.Feeds, inUse)
		added, err := db.Import(ctx, fresh)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		tellEach(&out, "added", added)
		tellEach(&out, "there already", there)
		for _, s := range list.Skipped {
			fmt.Fprintf(&out, "skipped        %s (line %d): %s\n", labelOf(s.Feed), s.Line, s.Reason)
		}
		fmt.Fprintf(&out, "\n%d added to %s, %d there already, %d skipped\n",
			len(added), fetch.Redact(cfg.Store.URL), len(there), len(list.Skipped))
		if _, err := out.WriteTo(stdout); err != nil {
			return fmt.Errorf("printing: %w", err)
		}
		return nil
	})
}

// readList reads a list that holds something.
func readList(file string) (opml.List, error) {
	in, name := os.Stdin, "standard input"
	if file != "-" {
		var err error
		if in, err = os.Open(file); err != nil {
			return opml.List{}, fmt.Errorf("%w: name the file that another reader exported", err)
		}
		defer in.Close()
		name = file
	}
	body, err := io.ReadAll(io.LimitReader(in, maxList+1))
	if err != nil {
		return opml.List{}, err
	}
	if len(body) > maxList {
		return opml.List{}, fmt.Errorf("reading %s: it is larger than %d MiB: cut it in parts",
			name, maxList>>20)
	}
	list, err := opml.Read(body)
	if err == nil && len(list.Feeds)+len(list.Skipped) == 0 {
		err = errors.New("there is no feed in it: no outline has an address (xmlUrl)")
	}
	if err != nil {
		return opml.List{}, fmt.Errorf("reading %s: %w", name, err)
	}
	return list, nil
}

// withFeeds opens the store for work on the feeds that are in use: those in it and those of the
// config, which a bot that has not begun yet has not taken over. It does so neither: that is for
// the start, and without -config the config may be another one.
func withFeeds(ctx context.Context, cfg *config.Config,
	work func(*store.DB, []feeds.Source) error) (err error) {
	db, err := store.Open(ctx, cfg.Store.URL, nil)
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("%w: stop it, run this command, and start it again", store.ErrInUse)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	stored, err := db.Feeds(ctx)
	if err != nil {
		return err
	}
	var inUse []feeds.Source
	known := make(map[string]bool)
	for _, f := range stored {
		inUse = append(inUse, f.Source)
		known[f.URL] = true
	}
	for _, s := range cfg.Feeds {
		if !known[s.URL] {
			inUse = append(inUse, s)
		}
	}
	return work(db, inUse)
}

// sortOut parts the feeds that are new from those that are in use already.
func sortOut(list []opml.Feed, inUse []feeds.Source) (fresh, there []feeds.Source) {
	known := make(map[string]bool, len(inUse))
	for _, s := range inUse {
		known[opml.Key(s.URL)] = true
	}
	for _, f := range list {
		if known[opml.Key(f.URL)] {
			there = append(there, sourceOf(f))
		} else {
			fresh = append(fresh, sourceOf(f))
		}
	}
	return fresh, there
}

func sourceOf(f opml.Feed) feeds.Source { return feeds.Source{URL: f.URL, Name: f.Title} }

func labelOf(f opml.Feed) string {
	return cmp.Or(feeds.Feed{Source: sourceOf(f)}.Label(), "a feed without a name")
}

// tellEach prints a line for each feed, without its secrets.
func tellEach(w io.Writer, what string, sources []feeds.Source) {
	for _, s := range sources {
		fmt.Fprintf(w, "%-13s  %s", what, feeds.Feed{Source: s}.Label())
		if s.Name != "" {
			fmt.Fprintf(w, "  %s", fetch.Redact(s.URL))
		}
		fmt.Fprintln(w)
	}
}

// exportList writes the feeds in use as they are: who can read the store knows their secrets, and
// without them the list would be of no use. A file is therefore its owner's only.
func exportList(ctx context.Context, cfg *config.Config, file string, stdout io.Writer) error {
	var list []opml.Feed
	err := withFeeds(ctx, cfg, func(_ *store.DB, inUse []feeds.Source) error {
		for _, s := range inUse {
			list = append(list, opml.Feed{URL: s.URL, Title: s.Name})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if file == "-" {
		return opml.Write(stdout, list)
	}
	if err := writeList(file, list); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d feeds exported\n", len(list))
	return nil
}

// writeList writes a file that was not there: what stands in an older one may be all that somebody
// has of it.
func writeList(file string, list []opml.Feed) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name another file, or remove it first", file)
	}
	if err != nil {
		return err
	}
	err = errors.Join(opml.Write(out, list), out.Close())
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", file, err), os.Remove(file))
	}
	return nil
}

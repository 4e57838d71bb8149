// Command preview draws what the bot posts to Slack, for people who look before anybody is woken.
//
// It shows the very blocks that [blocks] makes on a page that looks much like Slack's, and lets a
// headless Chromium take the pictures of the README:
//
//	go run ./bot/slack/preview -out docs
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/blocks"
)

func main() {
	out := flag.String("out", "docs", "the directory of the pictures")
	browser := flag.String("browser", "chromium", "the program that takes them")
	pages := flag.Bool("pages", false, "write the pages as well")
	every := flag.Bool("all", false, "take those too that the README does not show")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := drawAll(ctx, *out, *browser, *pages, *every); err != nil {
		fmt.Fprintln(os.Stderr, "preview:", err)
		os.Exit(1)
	}
}

// drawAll takes every picture.
func drawAll(ctx context.Context, out, browser string, pages, every bool) error {
	all, err := pictures(ctx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if !every && !strings.HasPrefix(p.name, "slack-") {
			continue
		}
		page, err := p.page()
		if err != nil {
			return fmt.Errorf("showing %s: %w", p.name, err)
		}
		if pages {
			if err := os.WriteFile(filepath.Join(out, p.name+".html"), page, 0o644); err != nil {
				return err
			}
		}
		picture, err := shoot(ctx, browser, page)
		if err != nil {
			return fmt.Errorf("taking %s: %w", p.name, err)
		}
		if err := os.WriteFile(filepath.Join(out, p.name+".png"), picture, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// picture is what one picture shows: any of the parts.
type picture struct {
	name  string
	posts []any // what is shown, as it goes to Slack
	scene scene
}

// scene is where Slack shows it.
type scene string

const (
	sceneChannel scene = "channel"
	scenePrivate scene = "private" // seen by one person only
	sceneModal   scene = "modal"
	sceneHome    scene = "home"
)

// Picture shows messages as they stand in a channel.
func Picture(name string, notes ...note) picture { return hung(name, sceneChannel, notes) }

// Private shows an answer that only who asked can see.
func Private(name string, m bot.Message) picture {
	return hung(name, scenePrivate, []note{{at: now(), Message: m}})
}

func hung(name string, s scene, notes []note) picture {
	p := picture{name: name, scene: s}
	for _, n := range notes {
		post := map[string]any{"blocks": blocks.Message(n.Message).Blocks, "time": n.at.Format("15:04")}
		if n.Loud && n.Thread.ID != "" && len(n.Cards) > 0 {
			post["thread"] = n.Cards[0].Headline.String()
		}
		p.posts = append(p.posts, post)
	}
	return p
}

// Modal shows a form.
func Modal(name string, f bot.Form) picture {
	return picture{name: name, scene: sceneModal, posts: []any{blocks.Form(f)}}
}

// Home shows the bot's own tab.
func Home(name string, m bot.Message) picture {
	return picture{name: name, scene: sceneHome, posts: []any{blocks.Home(m)}}
}

package seen

import (
	"maps"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// Kept returns embeds or components as Discord keeps them: without the space around their texts, and of
// several embeds with one address only the first.
func Kept(all []any) []any {
	kept, seen := []any{}, make(map[string]bool)
	for _, one := range all {
		url, _ := object(one)["url"].(string)
		if url == "" || !seen[url] {
			kept = append(kept, trimmed(one))
		}
		seen[url] = true
	}
	return kept
}

func trimmed(v any) any {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		all := make([]any, len(v))
		for i, one := range v {
			all[i] = trimmed(one)
		}
		return all
	case map[string]any:
		o := make(map[string]any, len(v))
		for name, one := range v {
			if one != nil {
				o[name] = trimmed(one)
			}
		}
		return o
	}
	return v
}

// ShownEmbeds returns embeds as Discord shows them: with what it adds.
func ShownEmbeds(all []any) []any {
	shown := []any{}
	for _, one := range all {
		e := maps.Clone(object(one))
		e["type"] = "rich"
		if inner, ok := e["fields"].([]any); ok {
			e["fields"] = with(inner, map[string]any{"inline": false})
		}
		for _, picture := range []string{"image", "thumbnail"} {
			if p, ok := e[picture].(map[string]any); ok {
				e[picture] = with([]any{p}, map[string]any{"proxy_url": p["url"], "width": 0, "height": 0})[0]
			}
		}
		shown = append(shown, e)
	}
	return shown
}

// ShownComponents returns components as Discord shows them: numbered, with what it takes for granted.
func ShownComponents(all []any) []any {
	id := 0
	return numbered(all, &id)
}

func numbered(all []any, id *int) []any {
	shown := []any{}
	for _, one := range all {
		*id++
		added := map[string]any{"id": *id}
		if kind, _ := object(one)["type"].(float64); kind == limits.SelectType || kind > limits.TextInputType {
			added["min_values"], added["max_values"] = 1, 1
		}
		c := object(with([]any{one}, added)[0])
		if inner, ok := c["components"].([]any); ok {
			c["components"] = numbered(inner, id)
		}
		shown = append(shown, c)
	}
	return shown
}

// with returns objects with fields that they lack.
func with(all []any, added map[string]any) []any {
	filled := []any{}
	for _, one := range all {
		o := maps.Clone(added)
		maps.Copy(o, object(one))
		filled = append(filled, o)
	}
	return filled
}

// object returns a value as an object, which is empty when it is none.
func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

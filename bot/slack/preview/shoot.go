package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

const (
	pageWidth  = 720
	pageHeight = 3000 // more than any picture needs; what is empty below is cut off
	colors     = 256
	margin     = 12
)

// shoot lets a browser without a window take a picture of a page. It needs no sandbox: the page is
// ours, has no scripts and asks for nothing.
func shoot(ctx context.Context, browser string, page []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "preview")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	from, to := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.png")
	if err := os.WriteFile(from, page, 0o644); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu",
		"--hide-scrollbars", "--force-device-scale-factor=1", "--user-data-dir="+dir,
		fmt.Sprintf("--window-size=%d,%d", pageWidth, pageHeight), "--screenshot="+to, "file://"+from)
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	taken, err := os.ReadFile(to)
	if err != nil {
		return nil, err
	}
	return small(taken)
}

// small cuts the empty part off a picture and leaves it as many colours as a byte can name.
func small(taken []byte) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		return nil, err
	}
	bounds := whole.Bounds()
	bounds.Max.Y = min(bounds.Max.Y, lastRow(whole)+margin)
	reduced := image.NewPaletted(bounds, palette(whole, bounds))
	draw.Draw(reduced, bounds, whole, bounds.Min, draw.Src)
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, reduced)
	return out.Bytes(), err
}

// lastRow is the lowest row of a picture that is not of the colour of its lowest corner.
func lastRow(m image.Image) int {
	b := m.Bounds()
	empty := m.At(b.Min.X, b.Max.Y-1)
	for y := b.Max.Y - 1; y > b.Min.Y; y-- {
		for x := b.Min.X; x < b.Max.X; x++ {
			if m.At(x, y) != empty {
				return y
			}
		}
	}
	return b.Max.Y
}

// coarse is a colour with 16 steps for each of its parts, so that edges of letters do not crowd out
// a colour that is rare.
func coarse(c color.Color) color.RGBA {
	const step = 17
	out := color.RGBAModel.Convert(c).(color.RGBA)
	for _, part := range []*uint8{&out.R, &out.G, &out.B} {
		*part = uint8((int(*part) + step/2) / step * step)
	}
	return out
}

// palette is the colours that a picture uses most.
func palette(m image.Image, b image.Rectangle) color.Palette {
	uses := make(map[color.RGBA]int)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			uses[coarse(m.At(x, y))]++
		}
	}
	var all []color.RGBA
	for c := range uses {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G),
			cmp.Compare(a.B, b.B))
	})
	var p color.Palette
	for _, c := range all[:min(len(all), colors)] {
		p = append(p, c)
	}
	return p
}

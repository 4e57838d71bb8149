// Package article reads the pages that feeds link to and returns the text of the article on them.
//
// [Reader.Text] asks no page that the site's robots.txt closes to us, no host faster than it wants
// to be asked, and nothing that the transport it is given refuses. A page without an article (a
// cookie wall, a paywall, a list of links, no HTML) is an error that says so.
//
// What robots.txt files said is kept in memory for a day; nothing is stored.
package article

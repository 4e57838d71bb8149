package news

import (
	"slices"
	"strings"
)

// vocabulary is all words of the sentences. Set one by one they make a packed document as long as
// those of real feeds, a third of its text; whole sentences alone repeat themselves too much.
var vocabulary = strings.Fields(strings.Join(slices.Concat(actors, news, places, turns), " "))

// What sentences are made of.
var (
	actors = list(`the foreign ministry|the opposition|port authorities|the central bank|
		a spokesman for the army|the transport union|two former ministers|the finance committee|
		the regional governor|aid workers|the electricity company|an independent monitor|
		the speaker of parliament|residents of the old town|the supreme court|fishermen|
		the largest refinery|a group of engineers|the coast guard|families of the missing|
		the statistics office|a delegation of farmers|the national airline|students|
		border police|the mayor|the shipping registry|analysts at a bank in the capital|
		the health ministry|volunteers|the water board|a retired general|the customs service`)
	deeds = list(`said on|announced late on|confirmed on|denied on|repeated on|warned on|
		disclosed in a letter on|told reporters on|acknowledged on|insisted on|
		wrote in a statement on|argued before the council on|let it be known on|conceded on`)
	days = list(`Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday`)
	news = list(`that the crossing would stay closed until inspectors had finished|
		that negotiations over wheat prices had made no progress|
		that repairs to the pipeline would take longer than planned|
		that a second round of voting could not be ruled out|
		that the budget for hospitals would not be cut after all|
		that three vessels had been turned back without explanation|
		that the ceasefire was holding in spite of scattered shooting|
		that nobody had been told of the change in advance|
		that an inquiry into the collapse of the bridge was under way|
		that exports had fallen for the fifth month in a row|
		that the curfew would be lifted street by street|
		that prisoners were to be exchanged before the holiday|
		that flights would resume as soon as the runway was cleared|
		that the reservoir held less water than in any spring on record|
		that a new envoy would travel to both capitals|
		that the law needed to be read once more in committee|
		that schools in the valley had reopened for half of the pupils|
		that insurance for cargo had become unaffordable|
		that the archive had survived the fire almost undamaged|
		that the harvest was smaller but of better quality`)
	places = list(`in the northern province|near the harbour|along the eastern road|
		outside the capital|in the mountain districts|on the island|at the river crossing|
		across the southern plain|in several suburbs|close to the disputed line|
		in the market quarter|around the salt lakes|in the industrial zone|at the old fortress|
		beyond the canal|in the border town|under the railway bridge|by the lighthouse`)
	turns = list(`Officials gave no further details.|The figures could not be verified.|
		“We have heard such promises before,” said one of those present.|
		It was the first such step in years – and, some said, the last.|
		Traffic was light and shops remained shut until noon.|
		A decision is expected within days.|Neither side wished to comment.|
		“Nothing has been signed,” an adviser cautioned.|
		Observers called the tone unusually mild.|
		The committee’s report runs to four hundred pages.|
		Prices rose sharply in response.|Rain delayed the convoy for hours.|
		Earlier estimates had been far lower.|Several witnesses gave another account.`)
	heads = list(`Bridge inquiry widens|Harbour reopens under guard|Wheat talks adjourned|
		Envoy returns empty-handed|Court hears appeal|Pipeline repairs delayed|
		Farmers block the eastern road|Second vote likely|Reservoir at record low|
		Airline resumes night flights|Curfew eased|Exports fall again|Convoy reaches the valley|
		Union calls off strike|Archive saved from fire|Border town waits|Hospitals keep budget|
		Vessels turned back|Ceasefire tested|Prisoner exchange nears`)
	sections  = list(`World|Politics|Economy|Middle East|Energy|Shipping|Opinion|Society`)
	syllables = list(`ba|kar|mi|tol|sha|ren|vo|dek|lu|han|zi|mar|go|fel|ta|rus|ni|wem|ya|bor|
		cha|dir|es|ghan|hol|il|jub|kes|lor|mun|nab|os|pri|qua|rud|sef|tim|ul|vig|zor`)
)

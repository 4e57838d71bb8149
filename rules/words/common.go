package words

// Common reports whether a folded word is one of the commonest of its language: nearly every text
// has it, so nothing is gained by looking for texts that do.
func Common(folded string) bool { return common[folded] }

// common holds what joins the words of a sentence, and in English also what all news is full of.
var common = set(`
 a about after again against all also am an and another any are around as at back be because been
 before being between both but by can could day days did do does down during each even first for
 former from get go group had has have he her here him his how i if in including into is it its
 just last like made make many may me men might monday more most much must my near new news no not
 now of off on one only or other our out over own part people president report right said saturday
 say says security she should since so some state states still such sunday take than that the
 their them then there these they this those three through thursday time to today told took
 tuesday two under until up us used very was way we wednesday week weeks well were what when where
 which while who why will with without women world would year years you your friday government
 country minister told war
 le la les de des du un une et en est dans pour que qui sur avec au aux par plus pas ne se son sa
 ses ce cette il elle ils ont sont d'un d'une l'on ou mais comme apres
 ve bir bu da de icin ile cok daha olarak olan gibi en o ne ki ama sonra kadar her
 и в во не на я что с со а то по как из у за от о к к до для же бы это этот все его ее их или при
 также был была были он она они мы так после
 في من الى على عن ان أن ما لا هذا هذه التي الذي مع كان كانت قد بعد او بين حتى كل غير قال هو هي
 و در به از كه اين را با است براي آن يك تا بر هم شد مي خود بود كرد او ما نيز
 של את על לא זה כי הוא היא עם גם כל או אם אל יש אך כך היה היתה רק עוד אחרי בין מה`)

metadata name = 'Names'
metadata description = 'Makes a name that every resource can carry of whatever azd, or somebody, calls an environment.'

// azd takes capitals, `_`, `.`, `(`, `)` and 64 characters (EnvironmentNameRegexp in its source); resources take a-z, 0-9 and single hyphens.
func dashed(text string) string =>
  join(
    map(
      range(0, length(text)),
      index =>
        contains('abcdefghijklmnopqrstuvwxyz0123456789', substring(text, index, 1)) ? substring(text, index, 1) : '-'
    ),
    ''
  )

func singleHyphens(text string) string => join(filter(split(text, '-'), part => !empty(part)), '-')

func withoutLastHyphen(text string) string => endsWith(text, '-') ? take(text, max(length(text) - 1, 0)) : text

// Azure's engine refuses a function whose argument calls the same function, so each of them is called once.
@export()
@description('Lower-case letters, digits and single hyphens, not at the ends; at most 20 characters. Empty if nothing of the text is left.')
func safeName(text string) string => withoutLastHyphen(take(singleHyphens(dashed(toLower(text))), 20))

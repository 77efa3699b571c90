/**
 * The scripts that a shell reads once. They know nothing of Culvert's words: at each key press they ask `culvert
 * completion words -- WORD …`, which gives a line for each candidate (candidate.ts).
 * @module
 */

/** Shells that there is a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** One of `shells`. */
export type Shell = (typeof shells)[number];

const bash = `# bash completion of culvert: eval "$(culvert completion bash)"
_culvert() {
  local word current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    if [[ $word == ':files' ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("$word")
    fi
  done < <("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _culvert culvert
`;

const zsh = `#compdef culvert
# zsh completion of culvert: source <(culvert completion zsh)
_culvert() {
  local line word
  local -a candidates
  local -i files=0
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      files=1
    else
      word=\${line%%$'\\t'*}
      candidates+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <(\${words[1]} completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#candidates} )) && _describe 'culvert' candidates
  (( files )) && _files
}
compdef _culvert culvert
`;

const fish = `# fish completion of culvert: culvert completion fish | source
function __culvert_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (culvert completion words -- $words[2..-1] 2>/dev/null)
        if test "$line" = ':files'
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c culvert -f -a '(__culvert_complete)'
`;

/** The script of a shell. */
export const shellScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

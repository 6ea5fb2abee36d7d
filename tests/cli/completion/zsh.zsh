# zsh as it is at a terminal, inside another: what a tab makes of a line. Control-Y shows the line and empties it.
zmodload zsh/zpty
zpty -b z zsh -f -i
zpty -w z 'PROMPT=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d $PWD/dump; show() { print -rn -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^Y" show; print READY'
zpty -r z got '*READY*READY*'
for line in 'peneira tok' 'peneira query --wh' 'peneira stats only' 'peneira help sho' 'peneira completion z'; do
	zpty -n -w z $line$'\t\C-Y'
	zpty -r z got '*<peneira*>*'
	got=${got##*<}
	print -r -- "zsh: ${got%%>*}"
done
# Sourced, as bash and fish take theirs.
zpty -d z
zpty -b z zsh -f -i
zpty -w z 'PROMPT=; autoload -Uz compinit; compinit -u -d $PWD/dump2; source <(peneira completion zsh); show() { print -rn -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^Y" show; print READY'
zpty -r z got '*READY*READY*'
zpty -n -w z $'peneira compl\t\C-Y'
zpty -r z got '*<peneira*>*'
got=${got##*<}
print -r -- "zsh, sourced: ${got%%>*}"
zpty -d z

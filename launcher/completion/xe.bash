# shellcheck shell=bash
# Completion of xe for bash: put this file into /usr/share/bash-completion/completions/xe, or source it.
# The server says what there is: commands, their parameters, and the names and uuids of its objects.

_xe() {
  local line=${COMP_LINE:0:COMP_POINT} words=() options=() asked=() word current skip='' i
  COMPREPLY=()
  # Bash parts words at "=" and ":"; here they are parted as the shell passes them on.
  _xe_words "$line"
  current=${words[${#words[@]} - 1]}
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    if [ -n "$skip" ]; then
      options+=("$word") skip=''
      continue
    fi
    case $word in
      -s | -h | -p | -u | -pw | -pwf | --fingerprint) options+=("$word") skip=yes ;;
      --nossl | --debug | --debug-on-fail | server=* | port=* | username=* | password=* | passwordfile=*)
        options+=("$word") ;;
      *) asked+=("word=$word") ;;
    esac
  done
  case ${skip:+option}:$current in
    option:*)
      [ "${words[i - 1]}" != -pwf ] || _xe_files '' "$current"
      return
      ;;
    *:filename=* | *:file-name=* | *:*-file=*) _xe_files "${current%%=*}=" "${current#*=}" ;;
    *)
      mapfile -t COMPREPLY < <("${words[0]}" "${options[@]}" complete "${asked[@]}" "word=$current" 2>/dev/null </dev/null)
      ;;
  esac
  _xe_offer "$current"
}

# _xe_words LINE: sets words to the words of a line, without quotes; the last is the begun one.
_xe_words() {
  local rest=$1 word='' quote='' began='' char i
  for ((i = 0; i < ${#rest}; i++)); do
    char=${rest:i:1}
    if [ "$quote" = "'" ]; then
      if [ "$char" = "'" ]; then quote=''; else word+=$char; fi
    elif [ "$char" = \\ ]; then
      i=$((i + 1))
      word+=${rest:i:1} began=yes
    elif [ "$quote" = '"' ]; then
      if [ "$char" = '"' ]; then quote=''; else word+=$char; fi
    elif [ "$char" = "'" ] || [ "$char" = '"' ]; then
      quote=$char began=yes
    elif [ "$char" = ' ' ] || [ "$char" = $'\t' ]; then
      [ -z "$word$began" ] || words+=("$word")
      word='' began=''
    else
      word+=$char
    fi
  done
  words+=("$word")
}

# _xe_files BEFORE BEGUN: the files whose names begin so.
_xe_files() {
  local file
  while IFS= read -r file; do
    [ ! -d "$file" ] || file=$file/
    COMPREPLY+=("$1$file")
  done < <(compgen -f -- "$2")
}

# _xe_offer CURRENT: leaves in COMPREPLY what bash is to put in place of its own begun word.
_xe_offer() {
  local i begun=${1%"${1##*[=:]}"} reply
  [[ $COMP_WORDBREAKS == *=* ]] || begun=''
  [ ${#COMPREPLY[@]} -ne 1 ] || [[ ${COMPREPLY[0]} == *[=:/] ]] || reply=' '
  compopt -o nospace 2>/dev/null
  for i in "${!COMPREPLY[@]}"; do
    printf -v "COMPREPLY[i]" '%q' "${COMPREPLY[i]#"$begun"}"
    COMPREPLY[i]=${COMPREPLY[i]}${reply:-}
  done
}

complete -F _xe xe

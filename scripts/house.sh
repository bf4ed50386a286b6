# What ./start and ./test share: saying what happens, installing what is missing, building. Sourced by bash, not run.

house=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$house" || exit 3
logs=$house/build/logs
preset=${YIHU_PRESET:-release}
build=$house/build/$preset

case "${YIHU_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}" in
  zh*) language=zh ;;
  *) language=en ;;
esac
export YIHU_LANG=$language

# say CHINESE ENGLISH: one sentence, in the reader's language.
say() {
  if [ "$language" = zh ]; then printf '%s\n' "$1"; else printf '%s\n' "$2"; fi
}

# stop CHINESE ENGLISH: the one sentence with which everything ends that cannot go on.
stop() {
  say "$1" "$2" >&2
  exit "${3:-1}"
}

step_number=0
step_count=0

# progress NAME PERCENT: how far the running step is; one line on a terminal, silence in a log.
progress() {
  [ -t 1 ] && printf '\r[%d/%d] %s %3s%% ' "$step_number" "$step_count" "$1" "$2"
  return 0
}

# Turns what a tool prints into progress. It reads the log's growth, so that the log stays whole.
percent_of() {
  case "$1" in
    apt) tail -n 1 "$2.status" 2>/dev/null | cut -d: -f3 | cut -d. -f1 ;;
    ninja) tail -c 4000 "$2" 2>/dev/null | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1 | tr -d '[]' | awk -F/ '{print int(100 * $1 / $2)}' ;;
    *) echo ;;
  esac
}

# step KIND NAME_ZH NAME_EN command…: runs it with its output in a log, shows how far it is, explains a failure.
step() {
  local kind=$1 name log begin child status percent
  if [ "$language" = zh ]; then name=$2; else name=$3; fi
  shift 3
  step_number=$((step_number + 1))
  mkdir -p "$logs" 2>/dev/null || explain "$name" /dev/null
  log=$logs/$step_number-$kind.log
  rm -f "$log" "$log.status"
  begin=$SECONDS
  [ -t 1 ] || printf '[%d/%d] %s\n' "$step_number" "$step_count" "$name"
  # A process group of its own, so that Ctrl-C can end the tool with everything it started.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  set +m
  child=$!
  running=$child
  while kill -0 "$child" 2>/dev/null; do
    percent=$(percent_of "$kind" "$log")
    if [ -t 1 ]; then
      if [ -n "$percent" ]; then progress "$name" "$percent"; else printf '\r[%d/%d] %s %ds ' "$step_number" "$step_count" "$name" $((SECONDS - begin)); fi
      sleep 0.2
    else
      sleep 0.1
    fi
  done
  wait "$child"
  status=$?
  running=
  if [ -t 1 ]; then printf '\r[%d/%d] %s · %ds     \n' "$step_number" "$step_count" "$name" $((SECONDS - begin)); fi
  [ "$status" -eq 0 ] || explain "$name" "$log"
}

# explain NAME LOG: why a step failed, in one sentence.
explain() {
  local name=$1 log=$2
  if grep -qiE 'no space left on device|ENOSPC|not enough free space|disk full' "$log" 2>/dev/null || ! mkdir -p "$logs" 2>/dev/null || ! space_for 50; then
    stop "“$name”没有完成：磁盘空间不足，请腾出约 4 GB 后重新运行本命令。" "\"$name\" did not finish: the disk is full; free about 4 GB and run this again."
  fi
  if grep -qiE 'could not get lock|unable to acquire the dpkg|is another process using it' "$log" 2>/dev/null; then
    stop "“$name”没有完成：另一个程序正在安装软件包，等它结束后重新运行本命令。" "\"$name\" did not finish: another program is installing packages; wait for it and run this again."
  fi
  if grep -qiE 'temporary failure|could not resolve|could not connect|unable to connect|unable to fetch|failed to fetch|network is unreachable|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|socket hang up|network request|no installation candidate|unable to locate package' "$log" 2>/dev/null; then
    stop "“$name”没有完成：连不上网络，接通后重新运行本命令。" "\"$name\" did not finish: the network cannot be reached; connect it and run this again."
  fi
  if grep -qiE 'permission denied|EACCES|read-only file system' "$log" 2>/dev/null; then
    stop "“$name”没有完成：没有写入 $house 的权限，请换用有权限的用户运行。" "\"$name\" did not finish: $house cannot be written; run this as a user who may."
  fi
  if grep -qiE 'killed signal|out of memory|cannot allocate memory' "$log" 2>/dev/null; then
    stop "“$name”没有完成：内存不足，关掉别的程序后重新运行本命令。" "\"$name\" did not finish: memory ran out; close other programs and run this again."
  fi
  stop "“$name”没有完成，原因在 ${log#"$house"/} 末尾；改正后重新运行本命令。" "\"$name\" did not finish; the end of ${log#"$house"/} says why. Put it right and run this again."
}

# space_for MEGABYTES: whether so much is free here.
space_for() {
  local free
  free=$(df -Pm "$house" 2>/dev/null | awk 'NR == 2 {print $4}')
  [ -z "$free" ] || [ "$free" -ge "$1" ]
}

# Ctrl-C ends the running tool too, so that nothing goes on behind the user's back.
running=
interrupted() {
  [ -n "$running" ] && kill -TERM -- "-$running" 2>/dev/null
  echo
  stop "已中断，重新运行本命令即可继续。" "Interrupted; run this again to go on." 130
}
trap interrupted INT TERM

# packages_for WHO…: the names that scripts/packages lists for them.
packages_for() {
  local who
  for who in "$@"; do sed -n "s/^$who: //p" scripts/packages; done | tr '\n' ' '
}

# A Node and npm that came from elsewhere serve as well as Debian's.
missing_packages() {
  local name installed
  installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ')"
  for name in $(packages_for "$@"); do
    case "$name" in nodejs | npm) command -v "${name%js}" >/dev/null && continue ;; esac
    case "$installed" in *" $name "*) ;; *) printf '%s ' "$name" ;; esac
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Runs as a step, whose log it finds in $log. sudo closes file descriptors, so apt's own report is opened inside it.
install_packages() {
  # An installation that was cut off is finished first; without that nothing else can be installed.
  as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -f install -o DPkg::Lock::Timeout=60 || return 1
  as_root apt-get update -o DPkg::Lock::Timeout=60 -o Acquire::Retries=2 || return 1
  as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    report=$1
    shift
    exec apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=60 -o Acquire::Retries=2 \
      -o APT::Status-Fd=9 "$@" 9>"$report"' sh "$log.status" "$@"
}

# may_install: root, or sudo that asks nothing, or sudo with somebody there to ask.
may_install() {
  [ "$(id -u)" = 0 ] && return 0
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }
}

# bring_packages WHO…: installs what is missing for them.
bring_packages() {
  local missing
  missing=$(missing_packages "$@")
  [ -z "$missing" ] && return 0
  if ! command -v apt-get >/dev/null; then
    stop "本命令只会在 Debian 12 上安装软件包；别的系统请先自行装好：$missing" "This command installs packages on Debian 12 only; elsewhere install these first: $missing"
  fi
  if ! space_for 2500; then
    stop "磁盘空间不足：安装和构建需要约 4 GB，请腾出后重新运行本命令。" "The disk is too full: installing and building take about 4 GB; free them and run this again."
  fi
  if ! may_install; then
    stop "缺少软件包而当前用户无权安装，请管理员先运行：apt-get install $missing" "Packages are missing and this user may not install them; ask an administrator to run: apt-get install $missing"
  fi
  # shellcheck disable=SC2086 # a list of words
  step apt "安装系统软件包（$(echo $missing | wc -w) 个）" "install system packages ($(echo $missing | wc -w))" install_packages $missing
}

# newer_than STAMP path…: whether anything below these paths changed after the stamp was set.
newer_than() {
  local stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit 2>/dev/null)" ]
}

web_inputs() {
  find web -maxdepth 1 -type f ! -name '*.log'
  for folder in web/src web/public; do [ -d "$folder" ] && echo "$folder"; done
}

# Node 22 and its npm, pinned in scripts/node, for everything that follows: under Debian's Node 18 npm leaves out the
# parts that today's tools need, and says nothing.
node_folder=$house/.cache/node
export PATH=$node_folder/node_modules/.bin:$PATH

fetch_node() {
  mkdir -p "$node_folder" || return 1
  rm -f "$node_folder/.complete"
  cp scripts/node/package.json scripts/node/package-lock.json "$node_folder" || return 1
  (cd "$node_folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=warn) || return 1
  # Two packages offer the command node, one per kind of machine; npm then links neither.
  (cd "$node_folder/node_modules/.bin" && ln -sf ../node-linux-*/bin/node node) || return 1
  # npm takes a platform's own package for optional, and its failure for success.
  "$node_folder/node_modules/.bin/node" --version | grep -q '^v22\.' || { echo "failed to fetch Node 22"; return 1; }
  cp scripts/node/package-lock.json "$node_folder/.complete"
}

# DuckDB's header and library; scripts/engine pins them.
fetch_engine() { scripts/engine/fetch; }
engine_fetched() { scripts/engine/fetch --check; }

# For the tests alone: CEL's public vectors and an evaluator of CEL that is not ours.
fetch_cel() { scripts/cel/fetch; }
cel_fetched() { scripts/cel/fetch --check; }

node_fetched() { cmp -s scripts/node/package-lock.json "$node_folder/.complete"; }

fetch_web() {
  # A half-finished node_modules is thrown away by npm ci itself.
  rm -f web/node_modules/.complete
  (cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=warn) || return 1
  cp web/package-lock.json web/node_modules/.complete
}

build_web() {
  (cd web && npm run build) || return 1
  touch web/dist/.complete
}

web_fetched() { cmp -s web/package-lock.json web/node_modules/.complete; }
# shellcheck disable=SC2046 # a list of paths
web_built() { [ -e web/dist/index.html ] && ! newer_than web/dist/.complete $(web_inputs); }

configure() {
  cmake --preset "$preset" "$@" && return 0
  # A configuration that was cut off can leave a cache that never works again.
  rm -rf "$build"
  cmake --preset "$preset" "$@"
}

# A compiler takes up to 1.2 GB; on a small office PC fewer of them are faster than more.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ {print int($2 / 1024 / 1200)}' /proc/meminfo 2>/dev/null)
  [ "${memory:-1}" -ge 1 ] || memory=1
  [ "$cores" -le "${memory:-1}" ] && echo "$cores" || echo "$memory"
}

compile() {
  # Other people use this machine too.
  nice ninja -C "$build" -j "$(jobs)" "$@"
}

# count_steps WHO…: how many steps bring_packages and bring_program will take.
count_steps() {
  step_count=1
  [ -z "$(missing_packages "$@")" ] || step_count=$((step_count + 1))
  if [ -e web/package.json ]; then
    node_fetched || step_count=$((step_count + 1))
    web_fetched || step_count=$((step_count + 1))
    web_built || step_count=$((step_count + 1))
  fi
  engine_fetched || step_count=$((step_count + 1))
  [ -e "$build/build.ninja" ] || step_count=$((step_count + 1))
}

# bring_program TARGET…: the browser application and the program, built where something changed.
bring_program() {
  if [ ! -e "$build/build.ninja" ] || ! space_for 300; then
    space_for 1500 || stop "磁盘空间不足：构建需要约 2 GB，请腾出后重新运行本命令。" "The disk is too full: building takes about 2 GB; free them and run this again."
  fi
  if [ -e web/package.json ]; then
    node_fetched || step node "下载 Node 22" "fetch Node 22" fetch_node
    web_fetched || step npm "下载网页部件" "fetch the parts of the browser application" fetch_web
    web_built || step web "构建网页" "build the browser application" build_web
  fi
  engine_fetched || step npm "下载 DuckDB" "fetch DuckDB" fetch_engine
  [ -e "$build/build.ninja" ] || step cmake "检查编译环境" "look at the compiler and libraries" configure
  step ninja "编译程序" "compile the program" compile "$@"
}

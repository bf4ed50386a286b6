# The long part of ./test: fuzzers, load and soak. Sourced by ./test --long.

fuzz_seconds=${YIHU_FUZZ_SECONDS:-180}

if command -v clang++-19 >/dev/null; then
  fuzz_build=$house/build/fuzz
  say "构建：模糊测试" "build: fuzzers"
  if cmake --preset fuzz >"$results/fuzz-build.log" 2>&1 && nice ninja -C "$fuzz_build" -j "$(jobs)" fuzzers >>"$results/fuzz-build.log" 2>&1; then
    for fuzzer in "$fuzz_build"/*_fuzz; do
      name=$(basename "$fuzzer")
      corpus=$house/build/corpus/$name
      mkdir -p "$corpus"
      seeds=
      [ -d "tests/fuzz/seeds/$name" ] && seeds=tests/fuzz/seeds/$name
      # shellcheck disable=SC2086 # nothing, or one folder
      if check "$name" "模糊测试 $name（$fuzz_seconds 秒）" "fuzz $name ($fuzz_seconds s)" "$results/$name.log" \
        "$fuzzer" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -artifact_prefix="$results/$name-" "$corpus" $seeds; then
        : >"$results/$name.done"
      else
        : >"$results/$name.failed"
      fi
    done
  else
    tail -n 60 "$results/fuzz-build.log"
    : >"$results/fuzz-build.failed"
  fi
else
  skip fuzz "没有安装 clang-19，模糊测试没有运行" "clang-19 is not installed; the fuzzers did not run"
fi

for part in load soak; do
  if ! command -v wrk >/dev/null; then
    skip "$part" "没有安装 wrk，压力测试没有运行" "wrk is not installed; the load tests did not run"
  elif check "$part" "压力：$part" "$part" "$results/$part.log" bench/run "--$part"; then
    : >"$results/$part.done"
  else
    : >"$results/$part.failed"
  fi
done

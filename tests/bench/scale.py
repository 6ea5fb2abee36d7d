"""What archives that fit no laptop cost, from the rates under "rates for docs/scale.md" in docs/measurements.md: a table a corpus, by phase, on 1, 100 and
1,000 nodes of 64 cores, beside the incumbent. Prints what docs/scale.md shows. What is assumed is said there."""
import math, os, re

text = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../docs/measurements.md'), encoding='utf-8').read()
rate = {k: float(v) for k, v in re.findall(r'^    ([a-z_]+) +([0-9.]+)', text.split('rates for docs/scale.md', 1)[1], re.M)}
CORES, NODES = 64, (1, 100, 1000)
DISK = 1e9  # bytes a second of the shared file system that one node gets

READS = 1e5  # sets of n-grams a second that one node reads at random, from flash

# What deciding about copies moves, bytes a document (the records of docs/internals/dedup.md; what is sorted is written once and read once): rank and settle, which
# are one task each; keys, which every task of pairs reads; the runs of pairs. Candidates a document, in one call and in tasks, of up to three reads each; and
# the share of the CPU that is rank and settle (./dev bench dedup).
ALONE, KEYS, PAIR_RUNS = 88 + 2 * (64 + 40) + 24 + 16 + 16 + 24 + 2 * (24 + 16 + 24) + 16, 8 * 18, 2 * 16 * 18
COMPARED, COMPARED_IN_TASKS, ALONE_CPU, PAIRS_BYTES = .14 * 3, .64 * 3, .10, 1 << 41

def deciding(documents, stored, cpu, n):
    """Seconds on n nodes. One node decides in one call, whose threads read keys side by side."""
    if n == 1: return max(ALONE_CPU * cpu, documents * ALONE / DISK) + max((1 - ALONE_CPU) * cpu / CORES, documents * (KEYS + PAIR_RUNS) / DISK) + documents * COMPARED / READS
    tasks = min(1000, 1 + int(stored / PAIRS_BYTES))
    at_once = min(tasks, n)
    pairs = documents * KEYS * math.ceil(tasks / n) / DISK + documents * PAIR_RUNS / at_once / DISK + documents * COMPARED_IN_TASKS / at_once / READS
    return max(ALONE_CPU * cpu, documents * ALONE / DISK) + max(1.5 * (1 - ALONE_CPU) * cpu / min(tasks, CORES * n), pairs)

def hours(seconds): return f'{seconds / 3600:.1f} h' if seconds >= 3600 else f'{seconds / 60:.0f} min' if seconds >= 90 else f'{seconds:.0f} s'

for name, stored, kept_tokens in (('195 TB', 195e12, 5.8e9), ('1.4 PB', 1.4e15, 5.8e9 * 1.4e15 / 195e12)):
    mb = stored / 1e6
    documents = mb * rate['documents_per_stored_mb']
    map_cpu, reduce_cpu = mb * rate['map_ms'] / 1e3, mb * rate['reduce_ms'] / 1e3
    solve_cpu = documents * (rate['rank_us'] + rate['pairs_us'] + rate['settle_us']) / 1e6
    shards_cpu = kept_tokens * rate['shards_ns_per_token'] / 1e9
    scratch = mb * rate['between_bytes'] + documents * (rate['sign_bytes'] + rate['runs_bytes'])
    units, lots = stored / 256e6, 0
    lot = 1 << 30
    while stored / lot > 4096: lot *= 4
    lots = stored / lot
    print(f'{name}: {units:,.0f} units of 256 MB, {lots:,.0f} lots, {documents / 1e9:.1f} billion documents to compare at most, {scratch / 1e12:.0f} TB of scratch at most, '
          f'{CORES * 0.032 + 0.064:.1f} GB of memory a node')
    print(f'{"":9}{"CPU hours":>11}' + ''.join(f'{f"{n} nodes":>12}' for n in NODES))
    total = {n: 0 for n in NODES}
    for phase, cpu, tasks, disk in (('map', map_cpu, units, stored), ('dedup', solve_cpu, None, 0), ('reduce', reduce_cpu, lots * CORES, mb * rate['between_bytes']), ('shards', shards_cpu, 1, kept_tokens * 8)):
        row = []
        for n in NODES:
            if tasks is None:
                wall = deciding(documents, stored, cpu, n)
            else:
                at_once = min(tasks, CORES * n)
                wall = max(cpu / at_once, disk / (DISK * min(n, tasks)))
            total[n] += wall
            row.append(hours(wall))
        print(f'{phase:9}{cpu / 3600:11,.0f}' + ''.join(f'{r:>12}' for r in row))
    print(f'{"all":9}{(map_cpu + reduce_cpu + solve_cpu + shards_cpu) / 3600:11,.0f}' + ''.join(f'{hours(total[n]):>12}' for n in NODES))
    other = (map_cpu + reduce_cpu + solve_cpu + shards_cpu) * rate['incumbent_ratio']
    print(f'{"incumbent":9}{other / 3600:11,.0f}' + ''.join(f'{hours(other / CORES / n):>12}' for n in NODES) + f'   at {rate["incumbent_ratio"]:.0f} times the CPU\n')

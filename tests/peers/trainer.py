"""trainer.py PENEIRA: that a trainer eats it: the sample archives through `run`, then a small language model in torch trained for a few steps from the MDS shards
(StreamingDataset, shuffled, resumed in the middle) and from the Megatron files (IndexedDataset, GPTDataset with its document boundaries); the loss must fall. Needs torch, mosaicml-streaming and
megatron-core: ./dev test --trainer installs them (5 GB); skips without."""
import glob, json, os, subprocess, sys, tempfile

PENEIRA = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
try:
    import torch
    from streaming import StreamingDataLoader, StreamingDataset
    import numpy as np
    from megatron.core.datasets.gpt_dataset import GPTDataset, GPTDatasetConfig
    from megatron.core.datasets.indexed_dataset import IndexedDataset
    from megatron.core.datasets.utils import Split
except ImportError as e:
    print(f'{e}: ./dev test --trainer installs it'); sys.exit(77)

LENGTH, BATCH, STEPS = 64, 4, 30

class Model(torch.nn.Module):
    def __init__(self, vocabulary, width=64):
        super().__init__()
        self.embed, self.rnn, self.out = torch.nn.Embedding(vocabulary, width), torch.nn.GRU(width, width, batch_first=True), torch.nn.Linear(width, vocabulary)
    def forward(self, x): return self.out(self.rnn(self.embed(x))[0])

def train(batches):
    """The loss of each step."""
    torch.manual_seed(1)
    model = Model(32000)
    step, losses = torch.optim.AdamW(model.parameters(), lr=3e-3), []
    for x in batches:
        loss = torch.nn.functional.cross_entropy(model(x[:, :-1]).flatten(0, 1), x[:, 1:].flatten())
        step.zero_grad(); loss.backward(); step.step()
        losses.append(loss.item())
    return losses

def repeat(make):
    n = 0
    while n < STEPS:
        for batch in make():
            yield batch
            n += 1
            if n == STEPS: return

def falls(name, losses):
    first, last = sum(losses[:5]) / 5, sum(losses[-5:]) / 5
    print(f'{name}: {len(losses)} steps, loss {first:.2f} to {last:.2f}')
    assert len(losses) == STEPS and last < first - 0.5, losses

def collate(rows): return torch.stack([torch.as_tensor(r['tokens'].astype('int64')) for r in rows])

def resumed(folder):
    """Half an epoch, its state, a new loader from there: together every sample once."""
    def loader(): return StreamingDataLoader(StreamingDataset(local=folder, shuffle=True, shuffle_seed=9, batch_size=BATCH), batch_size=BATCH, collate_fn=lambda rows: {'id': [r['id'] for r in rows]}, num_workers=0)
    a, seen = loader(), []
    total = len(json_samples(folder))
    for batch in a:
        seen += batch['id']
        if len(seen) * 2 >= total: break
    state = a.state_dict()
    b = loader(); b.load_state_dict(state)
    for batch in b: seen += batch['id']
    assert set(seen) == set(json_samples(folder)) and len(seen) - total < BATCH, 'samples seen across a resume'

def json_samples(folder): return [f'train-{i:09}' for i in range(sum(s['samples'] for s in json.load(open(f'{folder}/index.json'))['shards']))]

class Tokenizer:
    """What GPTDataset asks of one."""
    pad, vocab_size, unique_identifiers = 0, 32000, {'class': 'Peneira'}
    def __init__(self, eod): self.eod = eod

def gpt(prefix, eod, cache):
    """Megatron's own samples of whole documents: every document in them is one of ours, positions begin anew behind its end, whose loss is masked."""
    data = IndexedDataset(prefix)
    documents = {tuple(data[i].tolist()) for i in range(len(data))}
    config = GPTDatasetConfig(random_seed=1, sequence_length=LENGTH, split='1,0,0', reset_position_ids=True, reset_attention_mask=True, eod_mask_loss=True, tokenizer=Tokenizer(eod), path_to_cache=cache)
    samples = GPTDataset(data, prefix, np.arange(len(data), dtype=np.int32), None, Split.train, config)
    rows, stream, boundaries = [], [], 0
    for i in range(len(samples)):
        x = samples[i]
        tokens, positions = x['tokens'].tolist(), x['position_ids'].tolist()
        want = 0
        for k, t in enumerate(tokens):
            assert positions[k] == want and x['loss_mask'][k] == (t != eod), (i, k)
            want = 0 if t == eod else want + 1
            boundaries += t == eod
        rows.append(torch.cat([x['tokens'], x['labels'][-1:]]))
    ours = sum(len(d) for d in documents)
    assert len(data) == len(documents) and all(d[-1] == eod and eod not in d[:-1] for d in documents)
    print(f'GPTDataset: {len(samples)} samples of {LENGTH} of {ours} tokens in {len(documents)} documents, {boundaries} boundaries')
    # In the order in which Megatron drew the samples' places (shuffle_index) the stream is documents, end to end.
    order = np.argsort(samples.shuffle_index)
    for i in order: stream += samples[int(i)]['tokens'].tolist()
    cut, whole = 0, 0
    for k, t in enumerate(stream):
        if t == eod:
            whole += tuple(stream[cut:k + 1]) in documents
            cut = k + 1
    assert boundaries and whole == boundaries, (whole, boundaries)
    return torch.stack(rows)

def same_rows(folder):
    """StreamingDataset in its own order gives the samples in the order of the shards, each as the index says."""
    data = StreamingDataset(local=folder, shuffle=False, batch_size=1)
    assert [data[i]['id'] for i in range(len(data))] == json_samples(folder) and [r['id'] for r in data] == json_samples(folder)

with tempfile.TemporaryDirectory() as d:
    subprocess.run([PENEIRA, 'run', '-q', '-j', '2', '-o', f'{d}/corpus', *sorted(glob.glob(f'{HERE}/../data/sample/sample.*arc.gz'))], check=True)
    shard = lambda out, *options: subprocess.run([PENEIRA, 'shard', '-q', '--validation', '0', *options, '-o', out, *glob.glob(f'{d}/corpus/docs/*.zst')], check=True)
    shard(f'{d}/shards', '--sequence', str(LENGTH), '--shuffle', '3')
    shard(f'{d}/documents', '--shuffle', '3')
    folder = f'{d}/shards/mds/train'
    same_rows(folder)
    falls('MDS', train(repeat(lambda: StreamingDataLoader(StreamingDataset(local=folder, shuffle=True, batch_size=BATCH), batch_size=BATCH, collate_fn=collate, num_workers=0, drop_last=True))))
    resumed(folder)
    data = IndexedDataset(f'{d}/shards/megatron/train')
    assert list(data.document_indices) == list(range(len(data) + 1)) and all(len(data[i]) == LENGTH for i in range(len(data)))
    rows = torch.stack([torch.as_tensor(data[i].astype('int64')) for i in range(len(data))])
    falls('Megatron', train(repeat(lambda: rows[:len(rows) // BATCH * BATCH].split(BATCH))))
    eod = json.loads(subprocess.run([PENEIRA, 'tokenize', '-q'], input='{"id":1,"text":"</s>"}\n', capture_output=True, text=True, check=True).stdout)['ids'][0]
    rows = gpt(f'{d}/documents/megatron/train', eod, f'{d}/cache')
    falls('Megatron, GPTDataset', train(repeat(lambda: rows[:len(rows) // BATCH * BATCH].split(BATCH))))

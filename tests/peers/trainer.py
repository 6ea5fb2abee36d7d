"""trainer.py PENEIRA: that a trainer eats it: the sample archives through `run`, then a small language model in torch trained for a few steps from the MDS shards
(StreamingDataset, shuffled, resumed in the middle) and from the Megatron files (IndexedDataset); the loss must fall. Needs torch, mosaicml-streaming and
megatron-core: ./dev test --trainer installs them (5 GB); skips without."""
import glob, json, os, subprocess, sys, tempfile

PENEIRA = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
try:
    import torch
    from streaming import StreamingDataLoader, StreamingDataset
    from megatron.core.datasets.indexed_dataset import IndexedDataset
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
    def loader(): return StreamingDataLoader(StreamingDataset(local=folder, shuffle=True, shuffle_seed=9, batch_size=BATCH), batch_size=BATCH, collate_fn=lambda rows: [r['id'] for r in rows], num_workers=0)
    a, seen = loader(), []
    total = len(json_samples(folder))
    for i, ids in enumerate(a):
        seen += ids
        if len(seen) * 2 >= total: break
    state = a.state_dict()
    b = loader(); b.load_state_dict(state)
    for ids in b: seen += ids
    assert set(seen) == set(json_samples(folder)) and len(seen) - total < BATCH, 'samples seen across a resume'

def json_samples(folder): return [f'train-{i:09}' for i in range(sum(s['samples'] for s in json.load(open(f'{folder}/index.json'))['shards']))]

with tempfile.TemporaryDirectory() as d:
    subprocess.run([PENEIRA, 'run', '-q', '-j', '2', '-o', f'{d}/corpus', *sorted(glob.glob(f'{HERE}/../data/sample/sample.*arc.gz'))], check=True)
    subprocess.run([PENEIRA, 'shard', '-q', '--validation', '0', '--sequence', str(LENGTH), '--shuffle', '3', '-o', f'{d}/shards', *glob.glob(f'{d}/corpus/docs/*.zst')], check=True)
    folder = f'{d}/shards/mds/train'
    falls('MDS', train(repeat(lambda: StreamingDataLoader(StreamingDataset(local=folder, shuffle=True, batch_size=BATCH), batch_size=BATCH, collate_fn=collate, num_workers=0, drop_last=True))))
    resumed(folder)
    data = IndexedDataset(f'{d}/shards/megatron/train')
    assert list(data.document_indices) == list(range(len(data) + 1)) and all(len(data[i]) == LENGTH for i in range(len(data)))
    rows = torch.stack([torch.as_tensor(data[i].astype('int64')) for i in range(len(data))])
    falls('Megatron', train(repeat(lambda: rows[:len(rows) // BATCH * BATCH].split(BATCH))))

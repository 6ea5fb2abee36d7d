"""official: the official readers of MDS and Megatron, without torch where torch is not installed.

mosaicml-streaming and megatron-core import torch, but decode their files without it. Modules that are missing are stood in for by empty ones, so that the
decoding itself, which is all that is used here, is theirs. mds(folder) and megatron(prefix) give what they read; None: the package is not there."""
import importlib.machinery, importlib.util, json, os, sys
from unittest.mock import MagicMock

class StandIn:
    """Last in the line of finders: whatever no other finder knows."""
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split('.')[0] not in ('streaming', 'megatron') else None
    def create_module(self, spec):
        m = MagicMock(name=spec.name)
        m.__path__, m.__spec__, m.__name__ = [], spec, spec.name
        if spec.name == 'torch.utils.data': m.Dataset, m.IterableDataset, m.DataLoader = (type(n, (), {}) for n in ('Dataset', 'IterableDataset', 'DataLoader'))
        if spec.name.startswith('torchvision'): m.VisionDataset = type('VisionDataset', (), {})
        return m
    def exec_module(self, m): pass

def installed(name): return importlib.util.find_spec(name) is not None

def mds(folder):
    """{id: row} by streaming's own reader and decompression."""
    if not installed('streaming'): return None
    sys.meta_path.append(StandIn())
    try:
        from streaming.base.compression import decompress
        from streaming.base.format import reader_from_json
        found = {}
        for shard in json.load(open(f'{folder}/index.json'))['shards']:
            reader = reader_from_json(folder, None, shard)
            reader.validate(True)
            path = f'{folder}/{reader.raw_data.basename}'
            with open(path, 'wb') as f: f.write(decompress(reader.compression, open(f'{folder}/{reader.zip_data.basename}', 'rb').read()))
            for i in range(reader.size): found[reader[i]['id']] = {k: v if isinstance(v, str) else v.tolist() for k, v in reader[i].items()}
            os.remove(path)
        return found
    finally:
        sys.meta_path.pop()

def megatron(prefix):
    """([tokens], document indices) by megatron-core's IndexedDataset."""
    found = importlib.util.find_spec('megatron')
    path = found and os.path.join(list(found.submodule_search_locations)[0], 'core', 'datasets', 'indexed_dataset.py')
    if not path or not os.path.exists(path): return None
    names = ['megatron', 'megatron.core', 'megatron.core.datasets', 'megatron.core.datasets.object_storage_utils', 'megatron.core.msc_utils', 'megatron.core.utils']
    kept = {n: sys.modules.pop(n, None) for n in names}
    sys.meta_path.append(StandIn())
    try:
        for n in names: sys.modules[n] = MagicMock(name=n, __path__=[])
        sys.modules['megatron.core.datasets.object_storage_utils'].is_object_storage_path = lambda p: False
        sys.modules['megatron.core.msc_utils'].MultiStorageClientFeature.is_enabled = lambda: False
        spec = importlib.util.spec_from_file_location('indexed_dataset', path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        data = module.IndexedDataset(prefix)
        return [data[i].tolist() for i in range(len(data))], list(map(int, data.document_indices))
    finally:
        sys.meta_path.pop()
        for n in names:
            del sys.modules[n]
            if kept[n]: sys.modules[n] = kept[n]

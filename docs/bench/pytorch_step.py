"""Times the same optimizer step in PyTorch: Llama's shape, eager, float32, fused attention, AdamW with clipping.

    python3 docs/bench/pytorch_step.py --width 128 --layers 4 --heads 4 --window 256 --batch 16

needs `pip install torch`. Run it while nothing else runs: its threads wait for each other by spinning.
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def options():
    parser = argparse.ArgumentParser()
    for name, default in [("width", 128), ("layers", 4), ("heads", 4), ("hidden", 0), ("vocabulary", 256),
                          ("window", 256), ("batch", 16), ("threads", 2)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--compile", action="store_true")
    chosen = parser.parse_args()
    chosen.hidden = chosen.hidden or chosen.width * 5 // 2
    return chosen


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, 1e-5)


class Block(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.heads = o.heads
        self.input_norm, self.middle_norm = RMSNorm(o.width), RMSNorm(o.width)
        self.qkv = nn.Linear(o.width, 3 * o.width, bias=False)
        self.out = nn.Linear(o.width, o.width, bias=False)
        self.gate_up = nn.Linear(o.width, 2 * o.hidden, bias=False)
        self.down = nn.Linear(o.hidden, o.width, bias=False)

    def forward(self, x, cos, sin):
        n, length, width = x.shape
        q, k, v = self.qkv(self.input_norm(x)).view(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(turn(q, cos, sin), turn(k, cos, sin), v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(n, length, width))
        gate, up = self.gate_up(self.middle_norm(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


def turn(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


class Model(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.embedding = nn.Embedding(o.vocabulary, o.width)
        self.blocks = nn.ModuleList(Block(o) for _ in range(o.layers))
        self.norm = RMSNorm(o.width)
        pairs = o.width // o.heads // 2
        angles = torch.arange(o.window)[:, None] * 10_000 ** (-torch.arange(pairs) / pairs)[None]
        angles = torch.cat((angles, angles), -1)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def forward(self, tokens, targets):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    model = Model(o)
    parameters = sum(p.numel() for p in model.parameters())
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    tokens = torch.randint(0, o.vocabulary, (o.batch, o.window + 1))
    run = torch.compile(model) if o.compile else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = run(tokens[:, :-1], tokens[:, 1:])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    for _ in range(5):
        step()
    times = []
    while sum(times) < o.seconds:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    median = statistics.median(times)
    rate = o.batch * o.window / median
    flops = 6 * parameters + 6 * o.layers * o.window * o.width
    print(json.dumps({
        "parameters": parameters, "tokens_per_second": round(rate), "step_ms": round(1000 * median, 2),
        "gflops": round(rate * flops / 1e9, 1), "steps": len(times), "torch": torch.__version__,
        "threads": o.threads, "compiled": o.compile,
    }))


main()

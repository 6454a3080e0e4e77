#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the bundled Fashion-MNIST network and writes fashion.onnx.

    train.py               train, write fashion.onnx and accuracy.txt
    train.py --test        score an existing fashion.onnx again, write accuracy.txt
    train.py --pictures    write the 20 pictures under images/

Needs (Debian 12): python3-torch python3-onnx python3-pil dataset-fashion-mnist
"""

import argparse
import gzip
import io
import math
import pathlib
import time

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
DATA = "/usr/share/datasets/fashion-mnist"

SEED = 1
EPOCHS = 16
BATCH = 128
PEAK_LR = 0.15
WARMUP = 0.15  # share of all steps in which the rate climbs to its peak
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
LABEL_SMOOTHING = 0.05
SHIFT = 2  # pixels, each way

LABELS = ["t-shirt", "trouser", "pullover", "dress", "coat",
          "sandal", "shirt", "sneaker", "bag", "ankle-boot"]


class Block(nn.Module):
    """Two 3x3 convolutions; the skip is a 1x1 projection where the shape changes."""

    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.skip = None
        if stride != 1 or cin != cout:
            self.skip = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False),
                                      nn.BatchNorm2d(cout))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.skip is None else self.skip(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(16)
        self.stage1 = nn.Sequential(Block(16, 16, 1))
        self.stage2 = nn.Sequential(Block(16, 32, 2), Block(32, 32, 1))
        self.stage3 = nn.Sequential(Block(32, 64, 2), Block(64, 64, 1))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, 10)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        x = self.stage3(self.stage2(self.stage1(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


def load(folder, part):
    """Images as uint8 [N,28,28] and labels as int64 [N]; part is "train" or "t10k"."""
    folder = pathlib.Path(folder)
    with gzip.open(folder / f"{part}-images-idx3-ubyte.gz") as f:
        images = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as f:
        labels = np.frombuffer(f.read(), np.uint8, offset=8)
    return torch.from_numpy(images.copy()), torch.from_numpy(labels.astype(np.int64))


def augment(padded, gen):
    """Shift and mirror every picture of a batch at random: uint8 [B,H,W] to float [B,1,28,28]."""
    n = padded.shape[0]
    grid = torch.arange(28)
    rows = torch.randint(0, 2 * SHIFT + 1, (n, 1), generator=gen) + grid
    cols = torch.randint(0, 2 * SHIFT + 1, (n, 1), generator=gen) + grid
    mirror = torch.rand(n, 1, generator=gen) < 0.5
    cols = torch.where(mirror, cols.flip(1), cols)
    x = padded[torch.arange(n)[:, None, None], rows[:, :, None], cols[:, None, :]]
    return x.unsqueeze(1).float().div_(255)


def rate(step, steps):
    """Linear climb, then half a cosine down to zero."""
    t = (step + 1) / steps
    if t < WARMUP:
        return PEAK_LR * t / WARMUP
    return PEAK_LR * 0.5 * (1 + math.cos(math.pi * (t - WARMUP) / (1 - WARMUP)))


def train(net, images, labels, epochs):
    gen = torch.Generator().manual_seed(SEED)
    padded = F.pad(images, (SHIFT,) * 4)
    # Decay only what has more than one axis: pulling batch norm's scale and shift towards
    # zero buys nothing.
    optimizer = torch.optim.SGD(
        [{"params": [p for p in net.parameters() if p.dim() > 1], "weight_decay": WEIGHT_DECAY},
         {"params": [p for p in net.parameters() if p.dim() == 1], "weight_decay": 0.0}],
        lr=PEAK_LR, momentum=MOMENTUM, nesterov=True)
    per_epoch = len(labels) // BATCH
    steps = epochs * per_epoch
    start = time.monotonic()
    net.train()
    for epoch in range(epochs):
        order = torch.randperm(len(labels), generator=gen)
        loss_sum = 0.0
        right = 0
        for i in range(per_epoch):
            pick = order[i * BATCH:(i + 1) * BATCH]
            x = augment(padded[pick], gen).contiguous(memory_format=torch.channels_last)
            y = labels[pick]
            for group in optimizer.param_groups:
                group["lr"] = rate(epoch * per_epoch + i, steps)
            optimizer.zero_grad(set_to_none=True)
            z = net(x)
            loss = F.cross_entropy(z, y, label_smoothing=LABEL_SMOOTHING)
            loss.backward()
            optimizer.step()
            loss_sum += loss.item()
            right += (z.argmax(1) == y).sum().item()
        print(f"epoch {epoch + 1:2d} of {epochs}: loss {loss_sum / per_epoch:.4f}, "
              f"training accuracy {100 * right / (per_epoch * BATCH):.2f} %, "
              f"{(time.monotonic() - start) / 60:.1f} min", flush=True)


def export(net, path):
    net = net.to(memory_format=torch.contiguous_format).eval()
    buffer = io.BytesIO()
    # PRESERVE together with eval() keeps batch norm as nodes of its own; the default would
    # fold it here and leave nothing for resc to fold.
    torch.onnx.export(net, torch.zeros(1, 1, 28, 28), buffer, opset_version=13,
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
                      input_names=["image"], output_names=["logits"])
    model = onnx.load_from_string(buffer.getvalue())
    model.graph.name = "fashion"
    # The exporter notes the source line of every node: that would put the path of whoever
    # trained into the file.
    model.doc_string = ""
    model.graph.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def score(path, images, labels):
    """Right answers of the weights that are in the file, so not of those in memory."""
    graph = onnx.load(path).graph
    stored = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy())
              for t in graph.initializer}
    # The exporter stores equal tensors once and lets Identity nodes give the other names.
    stored.update({n.output[0]: stored[n.input[0]]
                   for n in graph.node if n.op_type == "Identity"})
    net = Net()
    state = net.state_dict()
    net.load_state_dict({k: v if k.endswith("num_batches_tracked") else stored[k]
                         for k, v in state.items()})
    net.eval()
    right = 0
    with torch.no_grad():
        for x, y in zip(images.split(500), labels.split(500)):
            right += (net(x.unsqueeze(1).float().div(255)).argmax(1) == y).sum().item()
    return right


def pictures(images, labels, folder):
    """The first two test pictures of each class, in the order of the test set."""
    from PIL import Image
    folder.mkdir(exist_ok=True)
    seen = [0] * len(LABELS)
    for image, label in zip(images.numpy(), labels.tolist()):
        if seen[label] < 2:
            name = f"{sum(seen):02d}-{LABELS[label]}.png"
            Image.fromarray(image, "L").save(folder / name, optimize=True)
            seen[label] += 1


def main():
    parser = argparse.ArgumentParser(description="train the bundled Fashion-MNIST network")
    parser.add_argument("--data", default=DATA, help="folder of the .gz files of the data set")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="folder to write to")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--test", action="store_true", help="only score fashion.onnx")
    parser.add_argument("--pictures", action="store_true", help="only write the pictures")
    args = parser.parse_args()

    # One thread: the order of floating-point sums, and so the weights, must not depend on
    # the number of cores.
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)

    test = load(args.data, "t10k")
    if args.pictures:
        pictures(*test, args.out / "images")
        return
    path = args.out / "fashion.onnx"
    if not args.test:
        net = Net().to(memory_format=torch.channels_last)
        print(f"{sum(p.numel() for p in net.parameters())} parameters", flush=True)
        train(net, *load(args.data, "train"), args.epochs)
        export(net, path)
    right = score(path, *test)
    total = len(test[1])
    (args.out / "accuracy.txt").write_text(f"right {right} of {total}\n")
    print(f"test accuracy: {right} of {total} ({100 * right / total:.2f} %)")


if __name__ == "__main__":
    main()

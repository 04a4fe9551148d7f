"""Small models in the formats of the hub: what `standard` downloads, with chance for weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from pyannote.audio import Model
from pyannote.audio.models.embedding import WeSpeakerResNet34

from processor.speech import weights

LETTERS = ["[PAD]", "[UNK]", "|", *"abcdefghijklmnopqrstuvwxyz'"]
WIDTH, LDA = 256, 128


def community_1(folder: Path) -> None:
    """A folder like pyannote/speaker-diarization-community-1, with the real segmentation model."""
    for part in ("segmentation", "embedding", "plda"):
        (folder / part).mkdir(parents=True)
    known = weights.packaged(weights.SEGMENTATION, "segmentation model")
    shutil.copyfile(known, folder / "segmentation" / "pytorch_model.bin")
    torch.save(_checkpoint(WeSpeakerResNet34(), known), folder / "embedding" / "pytorch_model.bin")
    chance = np.random.default_rng(1)
    np.savez(
        folder / "plda" / "xvec_transform.npz",
        mean1=np.zeros(WIDTH), mean2=np.zeros(LDA), lda=chance.standard_normal((WIDTH, LDA)),
    )
    np.savez(folder / "plda" / "plda.npz", mu=np.zeros(LDA), tr=np.eye(LDA), psi=np.linspace(2, 1, LDA))


def _checkpoint(model: Model, like: Path) -> dict[str, object]:
    """`model` as pyannote.audio saves one, with the version that `like` was saved by."""
    saved = torch.load(like, map_location="cpu", weights_only=False)
    own = {
        "versions": saved["pyannote.audio"]["versions"],
        "architecture": {"module": type(model).__module__, "class": type(model).__name__},
        "specifications": saved["pyannote.audio"]["specifications"],
    }
    hyper = {"hyper_parameters": dict(model.hparams), "hparams_name": "kwargs"}
    return {"state_dict": model.state_dict(), "pyannote.audio": own} | hyper | {
        "pytorch-lightning_version": saved["pytorch-lightning_version"]
    }


def wav2vec2(folder: Path) -> None:
    """A folder like a wav2vec2 model for English, two thin layers deep."""
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    folder.mkdir(parents=True)
    vocabulary = folder / "letters.json"
    vocabulary.write_text(json.dumps({letter: code for code, letter in enumerate(LETTERS)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary), pad_token="[PAD]", unk_token="[UNK]", word_delimiter_token="|")
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(folder)
    torch.manual_seed(1)
    Wav2Vec2ForCTC(
        Wav2Vec2Config(
            vocab_size=len(LETTERS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16,
            conv_dim=(16,) * 7, num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2, pad_token_id=0,
        )
    ).save_pretrained(folder)

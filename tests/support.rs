//! Nothing: the root package exists for the runners under `tests/`.

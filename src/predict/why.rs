//! One pair of nodes, step by step.

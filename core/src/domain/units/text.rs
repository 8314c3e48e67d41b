//! Exact reading and printing of weights, prices, money and areas as people write them.

//! End to end, through the real binary. One test binary, so that it links once.

mod demo;
mod morning;
mod plug;
mod trust;

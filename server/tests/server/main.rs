//! The server through its router and its sockets, with phones that hold keys of their own.

#[cfg(test)]
mod door;
#[cfg(test)]
mod many;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod restored;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod support;
#[cfg(test)]
mod views;

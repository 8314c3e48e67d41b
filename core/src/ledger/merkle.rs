//! A root over many byte strings, as RFC 6962 §2.1 makes it: whoever holds one of them, its path and
//! the root printed on paper can check that it was closed with all the others, unchanged.

use sha2::{Digest as _, Sha256};

/// SHA-256 of a leaf (prefix 0) or of two nodes (prefix 1).
pub type Node = [u8; 32];

/// The root over these leaves in this order; of no leaf at all it is SHA-256 of nothing.
pub fn root<L: AsRef<[u8]>>(leaves: &[L]) -> Node {
    let nodes: Vec<Node> = leaves.iter().map(|leaf| leaf_node(leaf.as_ref())).collect();
    over(&nodes)
}

/// The nodes beside the way from this leaf up to the root, the lowest first; empty if there is no
/// such leaf or it is alone.
pub fn path<L: AsRef<[u8]>>(leaves: &[L], place: usize) -> Vec<Node> {
    let nodes: Vec<Node> = leaves.iter().map(|leaf| leaf_node(leaf.as_ref())).collect();
    let mut path = Vec::new();
    beside(&nodes, place, &mut path);
    path
}

/// Whether this leaf, at this place of so many, leads to this root by this path.
pub fn leads_to(leaf: &[u8], place: usize, count: usize, path: &[Node], root: &Node) -> bool {
    up(leaf_node(leaf), place, count, path) == Some(*root)
}

fn up(node: Node, place: usize, count: usize, path: &[Node]) -> Option<Node> {
    if place >= count {
        return None;
    }
    let Some((highest, lower)) = path.split_last() else { return (count == 1).then_some(node) };
    let left = half(count)?;
    if place < left {
        Some(join(&up(node, place, left, lower)?, highest))
    } else {
        let right = up(node, place.checked_sub(left)?, count.checked_sub(left)?, lower)?;
        Some(join(highest, &right))
    }
}

fn beside(nodes: &[Node], place: usize, path: &mut Vec<Node>) {
    let Some((left, right)) = half(nodes.len()).and_then(|half| nodes.split_at_checked(half))
    else {
        return;
    };
    if place < left.len() {
        beside(left, place, path);
        path.push(over(right));
    } else {
        beside(right, place.saturating_sub(left.len()), path);
        path.push(over(left));
    }
}

fn over(nodes: &[Node]) -> Node {
    match (nodes, half(nodes.len()).and_then(|half| nodes.split_at_checked(half))) {
        ([], _) => Sha256::digest([]).into(),
        ([one], _) => *one,
        (_, Some((left, right))) => join(&over(left), &over(right)),
        (_, None) => Sha256::digest([]).into(),
    }
}

/// The largest power of two below a count; none for fewer than two.
fn half(count: usize) -> Option<usize> {
    let below = count.checked_sub(1).filter(|below| *below > 0)?;
    1_usize.checked_shl(below.ilog2())
}

fn leaf_node(leaf: &[u8]) -> Node {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

fn join(left: &Node, right: &Node) -> Node {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test leaves of RFC 6962's reference implementation.
    fn leaves() -> Vec<Vec<u8>> {
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
            .iter()
            .map(|text| hex::decode(text).unwrap())
            .collect()
    }

    #[test]
    fn the_root_is_that_of_rfc_6962() {
        assert_eq!(
            hex::encode(root::<&[u8]>(&[])),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex::encode(root(&leaves()[..1])),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            hex::encode(root(&leaves()[..2])),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
        assert_eq!(
            hex::encode(root(&leaves())),
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
        );
    }

    #[test]
    fn each_leaf_leads_to_the_root_and_no_other_does() {
        for count in 1..=7 {
            let leaves = &leaves()[..count];
            let root = root(leaves);
            for place in 0..count {
                let path = path(leaves, place);
                assert!(leads_to(&leaves[place], place, count, &path, &root), "{place}/{count}");
                assert!(!leads_to(b"other", place, count, &path, &root));
                assert!(!leads_to(&leaves[place], place, count + 7, &path, &root));
                assert!(!leads_to(&leaves[place], count, count, &path, &root));
            }
        }
    }
}

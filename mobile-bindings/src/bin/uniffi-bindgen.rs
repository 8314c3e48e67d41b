//! Writes the bindings from the built library; see `generate`.

fn main() {
    uniffi::uniffi_bindgen_main();
}

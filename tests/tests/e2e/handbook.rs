//! The operator's handbook: every command that it prints is one that `courtyard` takes.

use courtyard_tests::{County, courtyard};

/// The commands of the page's blocks, without their remarks.
fn commands(page: &str) -> Vec<Vec<&str>> {
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines = blocks.flat_map(str::lines).map(|line| line.split(" #").next().unwrap().trim());
    let commands = lines.filter_map(|line| line.strip_prefix("courtyard "));
    commands.map(|line| line.split_whitespace().collect()).collect()
}

#[test]
fn every_command_of_the_operators_page_has_the_names_and_arguments_that_courtyard_takes() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operating.md");
    let page = std::fs::read_to_string(page).unwrap();
    let commands = commands(&page);
    assert!(commands.len() > 100, "{}", commands.len());
    let county = County::new();
    let place = |name: &str| county.path(name).to_str().unwrap().to_owned();
    let (server, phone, elsewhere) = (county.server_data(), place("phone"), place("out-"));
    let server = server.to_str().unwrap();
    for words in commands {
        // It would stay up.
        if words.first() == Some(&"serve") {
            continue;
        }
        let put = |word: &&str| {
            // What it writes goes into the scratch folder, too.
            let file = [".csv", ".json", ".png"].iter().any(|end| word.ends_with(end));
            let word = if file { place(word) } else { (*word).to_owned() };
            let word = word.replace("/srv/courtyard", server).replace("~/courtyard", &phone);
            word.replace("/backup/", &elsewhere).replace("ROOTKEY", &"0".repeat(64))
        };
        let said: Vec<String> = words.iter().map(put).collect();
        let said = courtyard(&said.iter().map(String::as_str).collect::<Vec<_>>());
        // Much of it is refused here, where no season was kept; 2 is that it was called wrongly.
        assert_ne!(said.code(), 2, "{words:?}: {}", said.err);
    }
}

//! The office's pages as a browser meets them, in-process.

use axum::http::StatusCode;

use crate::command::place::tests::node;
use crate::web::browser::{Browser, PASSWORD};

#[tokio::test]
async fn whoever_has_the_set_up_code_becomes_the_first_administrator_and_nobody_after() {
    let (mut node, folder) = node();
    node.offer_setup().unwrap();
    let code = std::fs::read_to_string(folder.path().join("setup.code")).unwrap();
    let mut browser = Browser::at(node);
    assert_eq!(browser.get("/").await.location, "/setup");
    let mut typed = [
        ("code", "guess"),
        ("name", "王管理"),
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("village", "石桥村"),
    ];
    let came = browser.post("/setup", &typed).await;
    assert!(came.text.contains("设置码不对"), "{}", came.text);
    typed[0].1 = &code;
    let came = browser.post("/setup", &typed).await;
    assert_eq!((came.status, came.location.as_str()), (StatusCode::SEE_OTHER, "/villages"));
    assert!(browser.get("/villages").await.text.contains("石桥村"));
    let mut late = browser.another();
    typed[1].1 = "another";
    assert_eq!(late.post("/setup", &typed).await.location, "/sign-in");
    assert!(!folder.path().join("setup.code").exists());
}

#[tokio::test]
async fn a_page_sends_to_the_sign_in_and_then_back_to_itself() {
    let (mut node, _folder) = node();
    node.put_user("王经办", "clerk", PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    let sent = browser.get("/villages?x=1").await;
    assert_eq!(sent.location, "/sign-in?back=%2Fvillages%3Fx%3D1");
    let wrong = [("name", "王经办"), ("password", "not this one"), ("back", "/villages")];
    assert!(browser.post("/sign-in", &wrong).await.text.contains("用户名或密码不对"));
    let right = [("name", "王经办"), ("password", PASSWORD), ("back", "/villages")];
    assert_eq!(browser.post("/sign-in", &right).await.location, "/villages");
    assert_eq!(browser.get("/villages").await.status, StatusCode::OK);
    browser.post("/sign-out", &[]).await;
    assert_eq!(browser.get("/villages").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_without_the_sessions_secret_does_nothing() {
    let (mut node, _folder) = node();
    node.put_user("李主管", "manager", PASSWORD).unwrap();
    let mut browser = Browser::at(node);
    browser.sign_in("李主管").await;
    let came = browser.post_raw("/villages", "name=stolen").await;
    assert_eq!(came.status, StatusCode::FORBIDDEN);
    assert!(came.text.contains("表单已过期"), "{}", came.text);
    assert!(!browser.get("/villages").await.text.contains("stolen"));
    browser.post("/villages", &[("name", "上庄")]).await;
    assert!(browser.get("/villages").await.text.contains("上庄"));
}

#[tokio::test]
async fn a_role_that_may_not_is_told_so_in_its_language() {
    let (mut node, _folder) = node();
    node.put_user("auditor", "auditor", PASSWORD).unwrap();
    let mut browser = Browser::at(node).english();
    browser.sign_in("auditor").await;
    let came = browser.post("/villages", &[("name", "no")]).await;
    assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(came.text.contains("It was not done"), "{}", came.text);
    assert_eq!(browser.get("/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_gives_others_a_way_in_and_everybody_changes_their_own_password() {
    let (mut node, _folder) = node();
    node.put_user("管理", "administrator", PASSWORD).unwrap();
    let mut admin = Browser::at(node);
    admin.sign_in("管理").await;
    let came = admin.post("/users", &[("name", "王经办"), ("role", "clerk")]).await;
    let (_, made) = came.text.split_once("figure num\">").unwrap();
    let (made, _) = made.split_once('<').unwrap();
    let mut clerk = admin.another();
    clerk.post("/sign-in", &[("name", "王经办"), ("password", made)]).await;
    assert_eq!(clerk.get("/users").await.status, StatusCode::OK);
    let mut elsewhere = admin.another();
    elsewhere.post("/sign-in", &[("name", "王经办"), ("password", made)]).await;

    let refused = clerk.post("/users", &[("name", "x"), ("role", "manager")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let own = |now, new, again| [("now", now), ("new", new), ("again", again)];
    let came = clerk.post("/users/password", &own("guess", "another one", "another one")).await;
    assert!(came.text.contains("现在的密码不对"), "{}", came.text);
    let came = clerk.post("/users/password", &own(made, "another one", "another")).await;
    assert!(came.text.contains("不一样"), "{}", came.text);
    let came = clerk.post("/users/password", &own(made, "short", "short")).await;
    assert!(came.text.contains("10 个字符"), "{}", came.text);
    let came = clerk.post("/users/password", &own(made, "another one", "another one")).await;
    assert!(came.text.contains("密码已改"), "{}", came.text);
    assert_eq!(clerk.get("/users").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/users").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_had_a_session_that_ended_signs_in_again() {
    let (mut node, _folder) = node();
    node.put_user("王经办", "clerk", PASSWORD).unwrap();
    node.put_user("陈管理", "administrator", PASSWORD).unwrap();
    let mut clerk = Browser::at(node);
    clerk.sign_in("王经办").await;
    let mut admin = clerk.another();
    admin.sign_in("陈管理").await;
    // A new password ends every session of the user; the browser keeps its cookie.
    admin.post("/users", &[("name", "王经办"), ("role", "clerk")]).await;
    assert_eq!(clerk.get("/villages").await.status, StatusCode::SEE_OTHER);
    let came = clerk.post_raw("/sign-in", "name=x&password=not+right").await;
    assert!(came.text.contains("用户名或密码不对"), "{}", came.text);
    // Of a session that lives every form is asked for its secret, the sign-in's too.
    assert_eq!(admin.post_raw("/sign-in", "name=x").await.status, StatusCode::FORBIDDEN);
    assert!(admin.get("/sign-in").await.text.contains("name=\"csrf\""));
}

#[tokio::test]
async fn the_last_administrator_stays_one_and_a_village_sent_twice_is_added_once() {
    let (mut node, _folder) = node();
    node.put_user("陈管理", "administrator", PASSWORD).unwrap();
    let mut admin = Browser::at(node);
    admin.sign_in("陈管理").await;
    let came = admin.post("/users", &[("name", "陈管理"), ("role", "clerk")]).await;
    assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(came.text.contains("最后一位管理员"), "{}", came.text);
    for _ in 0..2 {
        admin.post("/villages", &[("name", "上庄")]).await;
    }
    let shown = admin.get("/villages").await.text;
    assert_eq!(shown.matches("上庄").count(), 1, "{shown}");
    // What was done stands in the list of acts once, in the name of who did it.
    let acts = admin.get("/acts").await.text;
    assert_eq!(acts.matches(">建村<").count(), 1, "{acts}");
    assert_eq!(acts.matches(">添加用户或改密码<").count(), 1, "{acts}");
}

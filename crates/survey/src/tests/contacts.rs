//! Who is to be called: sealed, masked, opened with a note, and gone with their key.

use super::*;

#[tokio::test]
async fn a_contact_is_sealed_masked_and_opened_with_a_note() {
    let town = county();
    let made = registered(&town, "虚构化工有限公司", ACME).await;
    let path = format!("/api/enterprises/{}", id(&made));
    let contacts = format!("{path}/contacts");
    let person =
        json!({ "duty": "safety", "person": { "name": "于海棠", "phone": "13812345678" } });
    let named = town.post("骆家驹", &contacts, person).await;
    let masked = json!({ "name": "于**", "phone": "138****5678" });
    assert_eq!(named.body["contacts"][0]["person"], masked, "{}", named.body);
    let on_duty =
        json!({ "duty": "on_duty", "person": { "name": "值班室", "phone": "0432-63351720" } });
    assert_eq!(town.post("骆家驹", &contacts, on_duty).await.status, 200);

    let written: String =
        entries(&town, Book::Log).iter().filter_map(|it| it.body.clone()).collect();
    assert!(!written.contains("于海棠") && !written.contains("13812345678"), "ciphertext only");
    assert_eq!(refused(&town.get("韩立春", &contacts).await), (403, "forbidden"));
    assert_eq!(refused(&town.get("邻县", &contacts).await), (404, "not-found"));
    assert_eq!(entries(&town, Book::Trail).len(), 0, "nothing was read");

    let opened = town.get("省厅", &contacts).await;
    let shown: Vec<_> = (opened.body["items"].as_array().expect("a list").iter())
        .map(|it| format!("{} {} {}", it["duty"], it["person"]["name"], it["person"]["phone"]))
        .collect();
    assert_eq!(
        shown,
        [r#""safety" "于海棠" "13812345678""#, r#""on_duty" "值班室" "0432-63351720""#]
    );
    let notes = entries(&town, Book::Trail);
    assert_eq!(notes.len(), 2, "each person's is a read");
    for note in &notes {
        assert_eq!(note.kind(), "enterprise.contact_viewed");
        assert_eq!(note.header.subject.to_string(), id(&made));
        assert!(!note.body.clone().unwrap_or_default().contains("于海棠"));
    }
    check_fold(&town);
}

#[tokio::test]
async fn who_leaves_takes_the_key_along() {
    let town = county();
    let made = registered(&town, "虚构化工有限公司", ACME).await;
    let other = registered(&town, "另一家有限公司", OTHER).await;
    let path = |of: &Json, rest: &str| format!("/api/enterprises/{}/contacts{rest}", id(of));
    let person = json!({ "duty": "head", "person": { "name": "于海棠", "phone": "13812345678" } });
    let named = town.post("骆家驹", &path(&made, ""), person).await;
    let contact = named.body["contacts"][0]["id"].clone();
    let gone = json!({ "contact": contact, "reason": "离职" });
    let wrong = town.post("骆家驹", &path(&other, "/remove"), gone.clone()).await;
    assert_eq!(refused(&wrong), (409, "contact-gone"), "of another enterprise");
    let removed = town.post("骆家驹", &path(&made, "/remove"), gone.clone()).await;
    assert_eq!(removed.body["contacts"], json!([]), "{}", removed.body);
    let again = town.post("骆家驹", &path(&made, "/remove"), gone).await;
    assert_eq!(refused(&again), (409, "contact-gone"));
    town.settle();
    let kinds: Vec<_> = entries(&town, Book::Log).iter().map(|it| it.kind().to_owned()).collect();
    assert!(
        kinds.ends_with(&["enterprise.contact_removed".to_owned(), "key.destroyed".to_owned()])
    );
    let sealed =
        entries(&town, Book::Log).into_iter().find(|it| it.kind() == "enterprise.contact_named");
    let body: Json =
        serde_json::from_str(&sealed.and_then(|it| it.body).expect("open")).expect("JSON");
    let person: host::Sealed<crate::enterprise::Person> =
        serde_json::from_value(body["person"].clone()).expect("sealed");
    let opened = town.world.keys().open_masked(&person).expect("looks");
    assert_eq!(opened, host::sealed::Opened::Destroyed, "not from a backup either");
    check_fold(&town);
}

#[tokio::test]
async fn a_number_that_is_none_is_refused_and_not_repeated() {
    let town = county();
    let made = registered(&town, "虚构化工有限公司", ACME).await;
    let contacts = format!("/api/enterprises/{}/contacts", id(&made));
    for (name, phone, wrong) in [("于海棠", "秘密的一三八", "phone"), ("", "13812345678", "name")]
    {
        let person = json!({ "duty": "safety", "person": { "name": name, "phone": phone } });
        let told = town.post("骆家驹", &contacts, person.clone()).await;
        assert_eq!(field(&told), wrong);
        assert!(!told.body.to_string().contains("秘密"), "{}", told.body);
        let looker = town.post("韩立春", &contacts, person).await;
        assert_eq!(refused(&looker), (403, "forbidden"));
    }
    let far = json!({ "duty": "safety", "person": { "name": "于", "phone": "13812345678" } });
    assert_eq!(refused(&town.post("邻县", &contacts, far).await), (404, "not-found"));
    assert_eq!(entries(&town, Book::Log).last().map(Entry::kind), Some("enterprise.registered"));
}

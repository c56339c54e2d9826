use std::collections::VecDeque;

use super::*;

fn peer(last: u8) -> Holder {
    Holder::peer(IpAddr::from([192, 0, 2, last]))
}

fn sender(code: &str) -> Holder {
    Holder::sender(Protocol::Json, code)
}

#[test]
fn a_greedy_sender_stops_at_its_share_and_a_modest_one_reads_on() {
    let budget = Budget::new(1_000);
    let (mut greedy, mut modest) = (budget.share(peer(1)), budget.share(peer(2)));
    greedy.take(700);
    assert!(greedy.may_read(), "alone it may use what is not kept for others");
    modest.take(10);
    assert!(!greedy.may_read(), "two hold bytes, so 500 each");
    assert!(modest.may_read());
    greedy.give(250);
    assert!(greedy.may_read());
}

#[test]
fn a_full_budget_stops_everybody_until_bytes_are_given_back() {
    let budget = Budget::new(1_000);
    let mut greedy = budget.share(peer(1));
    greedy.take(1_200);
    let modest = budget.share(peer(2));
    assert!(!modest.may_read());
    drop(greedy);
    assert_eq!(budget.used(), 0);
    assert!(modest.may_read());
}

#[test]
fn who_is_alone_leaves_room_for_who_comes() {
    let budget = Budget::new(1_000);
    let mut alone = budget.share(sender("a"));
    alone.take(875);
    assert!(!alone.may_read());
    let newcomer = budget.share(sender("b"));
    assert!(newcomer.may_read());
    let second = budget.share(sender("a"));
    assert!(!second.may_read(), "another connection makes nobody new");
}

/// Every connection reads ten bytes whenever it may, until none may.
fn read(shares: &mut [Share], disk: &mut VecDeque<usize>) {
    loop {
        let before = disk.len();
        for (index, share) in shares.iter_mut().enumerate() {
            if share.may_read() {
                share.take(10);
                disk.push_back(index);
            }
        }
        if disk.len() == before {
            return;
        }
    }
}

/// The disk takes what was read first: each sender gets half of what the disk does.
#[test]
fn fifty_connections_of_one_sender_get_the_share_of_one() {
    const ROUNDS: usize = 2_000;
    let budget = Budget::new(1_000);
    let mut shares: Vec<Share> = (0..50).map(|_| budget.share(sender("flood"))).collect();
    let mut disk = VecDeque::new();
    read(&mut shares, &mut disk);
    assert!(875 <= budget.used(), "the flood has all it can get: {}", budget.used());
    shares.push(budget.share(sender("modest")));
    let mut served = [0_usize; 2];
    for round in 0..ROUNDS {
        read(&mut shares, &mut disk);
        let index = disk.pop_front().expect("there is always something to write");
        shares[index].give(10);
        // Once what the flood had before is written.
        if ROUNDS / 4 <= round {
            served[usize::from(index == 50)] += 1;
        }
    }
    let all = served[0] + served[1];
    assert!(all * 2 / 5 <= served[1], "the one connection got {} of {all}", served[1]);
}

#[test]
fn a_connection_is_of_whom_it_has_proved_to_be_and_a_claim_takes_nothing_from_others() {
    let budget = Budget::new(1_000);
    let mut real = budget.share(sender("real"));
    real.take(100);
    let mut impostors: Vec<Share> = (0..10).map(|_| budget.share(peer(9))).collect();
    for impostor in &mut impostors {
        impostor.take(60);
    }
    assert!(real.may_read(), "600 of one address, 100 of the sender");
    assert!(!impostors[0].may_read());
    // Those that prove themselves count with the others of their sender from then on.
    impostors[0].belongs_to(sender("real"));
    assert_eq!(impostors[0].holder(), &sender("real"));
    assert_eq!(budget.used(), 700);
    drop(impostors);
    drop(real);
    assert_eq!(budget.used(), 0);
    assert!(budget.state().holders.is_empty(), "nobody is remembered who holds nothing");
}

#[test]
fn an_account_is_known_again_by_its_key_alone() {
    let budget = Budget::new(1_000);
    let account = |code: &str, key: &str| (code.to_owned(), key.to_owned());
    assert_eq!(budget.proved(Protocol::Json, &account("a", "right")), None);
    budget.proves(Protocol::Json, &account("a", "right"), "a");
    assert_eq!(budget.proved(Protocol::Json, &account("a", "right")), Some(sender("a")));
    assert_eq!(budget.proved(Protocol::Json, &account("a", "wrong")), None);
    assert_eq!(budget.proved(Protocol::Coal42, &account("a", "right")), None);
    for other in 0..2 * MOST_PROVED {
        budget.proves(Protocol::Json, &account(&other.to_string(), "key"), "b");
    }
    assert!(budget.remembered().len() <= MOST_PROVED);
}

#[test]
fn a_network_of_ipv6_is_one_address() {
    let of = |text: &str| Holder::peer(text.parse().expect("an address"));
    assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff::2"));
    assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
}

#[tokio::test]
async fn whoever_waits_is_told_when_bytes_are_given_back() {
    let budget = Budget::new(10);
    let mut share = budget.share(peer(1));
    share.take(10);
    let waiting = budget.share(peer(2));
    let freed = waiting.budget().freed();
    tokio::pin!(freed);
    freed.as_mut().enable();
    assert!(!waiting.may_read());
    share.give(5);
    freed.await;
    assert!(waiting.may_read());
}

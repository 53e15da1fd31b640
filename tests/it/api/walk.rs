//! Every route × method × role × organization, made from the description: nobody learns anything of what lies outside
//! their organization, and everybody is refused in the right way.

use std::collections::BTreeSet;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::finding::Severity;
use skimwatch::ids::{OrganizationId, SiteId};
use skimwatch::registry::{Author, TokenRequest};
use skimwatch::role::{Right, Role};
use skimwatch::store::Attempt;

use super::described::Operation;
use super::doors::{Answer, Doors, TOKEN, with};
use crate::cases::{alert_for, finding, organization_of};
use crate::database::{Database, Segment, Value as Column, now, policy, report};

/// Two organizations: each has a site of its own, and they share one.
const ORGANIZATIONS: [&str; 2] = ["org-quokka", "org-wombat"];

/// The site that one of them alone sees.
const OWN: [&str; 2] = ["site-quokka", "site-wombat"];

/// Words that stand in nothing that the other may see, and numbers that are counts of the own site alone.
const WORDS: [&str; 2] = ["quokka", "wombat"];
const COUNTS: [u64; 2] = [700_001, 900_007];

const SHARED: &str = "site-both";

/// Two organizations and all that is known of them.
struct World {
    doors: Doors,
    _database: Database,
    /// Of each organization, a token for each role that it can have.
    callers: [Vec<(Role, String)>; 2],
    /// Of each organization: ids that the other must not see, alert, campaign, token.
    secrets: [BTreeSet<String>; 2],
}

/// Somebody who asks.
#[derive(Clone, Copy)]
struct Asker<'a> {
    /// Which organization.
    own: usize,
    role: Role,
    token: &'a str,
}

impl World {
    async fn new() -> Self {
        let database = Database::new().await;
        let segment = segment();
        let delivery = segment.delivery(Attempt::First);
        database.store.deliver(&delivery).await.expect("in");
        let doors = Doors::new(database.store.clone());
        import(&doors);
        for (organization, own) in ORGANIZATIONS.iter().zip(OWN) {
            organization_of(&doors.api.registry, organization, &[]);
            share(&doors, organization, &[own, SHARED]);
        }
        let started = (now().0, 0);
        let found = |name: &str, sites: &[&str]| finding(name, Severity::High, started, sites);
        let findings = [
            found("evil-quokka.example", &["site-quokka"]),
            found("evil-wombat.example", &["site-wombat"]),
            found("evil-shared.example", &[SHARED]),
            found(
                "evil-everywhere.example",
                &["site-wombat", "site-quokka", SHARED],
            ),
        ];
        doors.api.cases.record(&findings).expect("taken down");
        let callers = ORGANIZATIONS.map(|it| callers(&doors, it));
        let secrets = [0, 1].map(|i| secrets(&doors, i));
        Self {
            doors,
            _database: database,
            callers,
            secrets,
        }
    }

    /// What a path may name: what is the caller's, what is shared, what is the other's, and what is nowhere.
    fn names(&self, of: &str, own: usize) -> [String; 4] {
        let other = 1 - own;
        let alert = |organization: usize, destination: &str| {
            alert_for(ORGANIZATIONS[organization], destination).to_string()
        };
        let token = |organization: usize| {
            let found = self.secrets[organization]
                .iter()
                .find_map(|it| it.strip_prefix("token:"));
            found.expect("a token").to_owned()
        };
        let texts = |texts: [&str; 4]| texts.map(str::to_owned);
        match of {
            "alert" => [
                alert(own, &format!("evil-{}.example", WORDS[own])),
                alert(own, "evil-shared.example"),
                alert(other, &format!("evil-{}.example", WORDS[other])),
                "0123456789abcdef".to_owned(),
            ],
            "token" => [
                token(own),
                token(own),
                token(other),
                "AAAAAAAAAAAA".to_owned(),
            ],
            "name" => [
                format!("evil-{}.example", WORDS[own]),
                "evil-shared.example".to_owned(),
                format!("evil-{}.example", WORDS[other]),
                "nowhere.example".to_owned(),
            ],
            "organization" => texts([
                ORGANIZATIONS[own],
                ORGANIZATIONS[own],
                ORGANIZATIONS[other],
                "org-nowhere",
            ]),
            _ => texts([OWN[own], SHARED, OWN[other], "site-nowhere"]),
        }
    }

    async fn ask(&self, asker: Asker<'_>, operation: &Operation, address: &str) -> Answer {
        let mut request = TestRequest::with_uri(address).method(operation.method.clone());
        if let Some(body) = &operation.body {
            request = request
                .insert_header(("Content-Type", "application/json"))
                .set_payload(body.to_string());
        }
        self.doors.ask(with(asker.token, request)).await
    }

    /// Whether an answer tells something of the other organization's.
    fn leaks(&self, own: usize, answer: &Answer) -> Option<String> {
        let other = 1 - own;
        let headers = answer
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value:?}\n"));
        let text = headers.collect::<String>() + &answer.text;
        let count = COUNTS[other].to_string();
        let secrets = self.secrets[other]
            .iter()
            .map(|it| it.split(':').next_back().unwrap_or(it));
        let mut words = secrets.chain([WORDS[other], count.as_str()]);
        words.find(|word| text.contains(word)).map(str::to_owned)
    }
}

/// Merchants whose every field tells whose they are.
fn import(doors: &Doors) {
    let merchant = |site: &str| json!({"key": site, "name": format!("Shop {site}"), "domains": [format!("{site}.shop.example")]});
    let merchants =
        json!({"merchants": [merchant("site-quokka"), merchant("site-wombat"), merchant(SHARED)]});
    doors
        .api
        .registry
        .import(&merchants.to_string(), "test")
        .expect("good");
}

fn share(doors: &Doors, organization: &str, sites: &[&str]) {
    let author = Author::of_installation("test");
    let id = OrganizationId::new(organization).expect("a plain id");
    for site in sites {
        let reference = format!("ref-{organization}-{site}");
        let site = SiteId::new(site).expect("a plain id");
        let shared = doors
            .api
            .registry
            .share_site(&id, (&site, &reference), &author);
        shared.expect("shared");
    }
}

/// A token of each role, and one more that is there to be revoked.
fn callers(doors: &Doors, organization: &str) -> Vec<(Role, String)> {
    let id = OrganizationId::new(organization).expect("a plain id");
    let author = Author::of_installation("test");
    let make = |role: Role| {
        let name = format!("token of {organization}");
        let request = TokenRequest {
            name,
            role,
            days: 1,
        };
        let made = doors.api.registry.add_token(&id, &request, &author);
        (role, made.expect("a token").1)
    };
    make(Role::Auditor);
    let roles = Role::ALL.into_iter().filter(|role| *role != Role::Operator);
    roles.map(make).collect()
}

fn secrets(doors: &Doors, own: usize) -> BTreeSet<String> {
    let id = OrganizationId::new(ORGANIZATIONS[own]).expect("a plain id");
    let tokens = doors.api.registry.tokens(&id).expect("listed");
    let tokens = tokens.into_iter().map(|it| format!("token:{}", it.id));
    let word = WORDS[own];
    let alerts = ["everywhere", "shared", word]
        .map(|it| alert_for(ORGANIZATIONS[own], &format!("evil-{it}.example")).to_string());
    let campaign = skimwatch::ids::CampaignId::of(&format!("evil-{word}.example")).to_string();
    tokens.chain(alerts).chain([campaign]).collect()
}

/// Reports of each site that tell whose they are, and counts.
fn segment() -> Segment {
    let mut segment = Segment::new(1)
        .count("site-quokka", "stored", "", COUNTS[0])
        .count("site-wombat", "stored", "", COUNTS[1])
        .count(SHARED, "stored", "", 5);
    for (i, word) in (1..).zip(["quokka", "wombat", "both"]) {
        let site = format!("site-{word}");
        let destination = if word == "both" {
            "evil-shared.example".to_owned()
        } else {
            format!("evil-{word}.example")
        };
        for (destination, directive) in [
            (destination.as_str(), "connect-src"),
            ("evil-everywhere.example", "script-src-elem"),
        ] {
            let given = [
                ("site", Column::from(site.as_str())),
                ("type", "csp-violation".into()),
                ("destination", destination.into()),
                ("host", destination.into()),
                (
                    "blocked",
                    format!("{destination}/{word}.js").as_str().into(),
                ),
                (
                    "source",
                    format!("{site}.shop.example/{word}.js").as_str().into(),
                ),
                ("sample", format!("{word}()").as_str().into()),
                ("directive", directive.into()),
                ("page_kind", "checkout".into()),
                ("policy", i.into()),
                ("client", i.into()),
                ("network", i.into()),
            ];
            segment.reports.push(report(now(), &given));
        }
        segment.policies.push(policy(
            i,
            &format!("default-src {word}.shop.example"),
            now(),
        ));
    }
    segment
}

/// Which kind of name a part of a path is.
fn kind<'a>(operation: &Operation, part: &'a str) -> &'a str {
    match part {
        "id" if operation.path.contains("/tokens/") => "token",
        "id" => "alert",
        part => part,
    }
}

fn may(operation: &Operation, role: Role) -> bool {
    let right = operation.right.as_deref();
    right.is_none_or(|right| {
        let known = Right::ALL
            .into_iter()
            .find(|it| format!("{it:?}").to_lowercase() == right);
        role.may(known.expect("a right"))
    })
}

/// Questions about what is the other's, by every name that a query can have.
fn questions(operation: &Operation, own: usize) -> Vec<String> {
    let other = 1 - own;
    let mut questions = vec![String::new()];
    for (name, _) in &operation.parameters {
        let value = match name.as_str() {
            "site" => OWN[other].to_owned(),
            "organization" => ORGANIZATIONS[other].to_owned(),
            "destination" | "host" => format!("evil-{}.example", WORDS[other]),
            "after" | "from" => "0".to_owned(),
            "format" => "ndjson".to_owned(),
            "cursor"
                if operation.path.ends_with("/sites") || operation.path.ends_with("/merchants") =>
            {
                "a".to_owned()
            }
            _ => continue,
        };
        questions.push(format!("{name}={value}"));
    }
    questions
}

#[tokio::test]
async fn nobody_learns_anything_of_others() {
    let world = World::new().await;
    let description = world.doors.json("/api/v1/openapi.json").await;
    let operations = Operation::all(&description);
    assert!(operations.len() > 20, "nothing was walked");
    let mut answered = BTreeSet::new();
    for (own, callers) in world.callers.iter().enumerate() {
        for (role, token) in callers {
            let asker = Asker {
                own,
                role: *role,
                token,
            };
            for operation in &operations {
                walk(&world, asker, operation, &mut answered).await;
            }
        }
    }
    // Each was answered to somebody: a walk along closed doors proves little.
    for operation in operations
        .iter()
        .filter(|it| it.right.as_deref() != Some("operate"))
    {
        let name = format!("{} {}", operation.method, operation.path);
        assert!(answered.contains(&name), "{name} was answered to nobody");
    }
    world.doors.api.registry.audit_verify().expect("whole");
    untouched(&world).await;
}

async fn walk(
    world: &World,
    asker: Asker<'_>,
    operation: &Operation,
    answered: &mut BTreeSet<String>,
) {
    let role = asker.role;
    for question in questions(operation, asker.own) {
        let mut answers = Vec::new();
        for which in 0..4 {
            // What is the caller's own is left for the others to walk along.
            if operation.method == Method::DELETE && which < 2 {
                continue;
            }
            let fill = |part: &str| world.names(kind(operation, part), asker.own)[which].clone();
            let address = operation.address(fill, &question);
            let name = format!(
                "{role:?} of {}: {} {address}",
                ORGANIZATIONS[asker.own], operation.method
            );
            let answer = world.ask(asker, operation, &address).await;
            let leak = world.leaks(asker.own, &answer);
            assert_eq!(leak, None, "{name}: {} {}", answer.status, answer.text);
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.text);
            if !may(operation, role) {
                assert_eq!(
                    answer.status,
                    StatusCode::FORBIDDEN,
                    "{name}: {}",
                    answer.text
                );
                assert_eq!(answer.json()["code"], "forbidden", "{name}");
            } else if answer.status.is_success() {
                answered.insert(format!("{} {}", operation.method, operation.path));
            }
            answers.push((name, answer));
            if !operation.path.contains('{') {
                break;
            }
        }
        // What is the other's cannot be told from what is nowhere.
        if let [.., (name, theirs), (_, nothing)] = answers.as_slice() {
            assert_eq!(
                (theirs.status, &theirs.text),
                (nothing.status, &nothing.text),
                "{name}"
            );
            let refused = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&theirs.status);
            assert!(refused, "{name}: {} {}", theirs.status, theirs.text);
        }
        if question.starts_with("organization=")
            && may(operation, role)
            && !operation.path.contains('{')
        {
            let named = operation.address(|_| String::new(), "organization=org-nowhere");
            let nothing = world.ask(asker, operation, &named).await;
            let (name, theirs) = &answers[0];
            assert_eq!(
                (theirs.status, &theirs.text),
                (nothing.status, &nothing.text),
                "{name}"
            );
        }
    }
}

/// What they tried to change of each other's is as it was.
async fn untouched(world: &World) {
    for (own, organization) in ORGANIZATIONS.iter().enumerate() {
        let listed = world
            .doors
            .json(&format!("/api/v1/tokens?organization={organization}"))
            .await;
        let revoked = listed["tokens"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|it| !it["revoked_at"].is_null());
        assert_eq!(revoked, None);
        let id = OrganizationId::new(organization).expect("a plain id");
        let scope = world.doors.api.registry.scope(&id).expect("readable");
        assert!(scope.sees(OWN[own]) && scope.sees(SHARED) && !scope.sees(OWN[1 - own]));
    }
}

/// The operator walks everywhere, and nothing breaks.
#[tokio::test]
async fn the_operator_is_answered_everywhere() {
    let world = World::new().await;
    let description = world.doors.json("/api/v1/openapi.json").await;
    let asker = Asker {
        own: 0,
        role: Role::Operator,
        token: TOKEN,
    };
    let mut operations = Operation::all(&description);
    // What takes away comes last.
    operations.sort_by_key(|it| it.method == Method::DELETE);
    for operation in &operations {
        let fill = |part: &str| world.names(kind(operation, part), 0)[0].clone();
        let question = match kind(operation, "id") {
            "token" if operation.path.contains("{id}") => "organization=org-quokka",
            _ => "",
        };
        let address = operation.address(fill, question);
        let answer = world.ask(asker, operation, &address).await;
        let good = answer.status.is_success() || answer.status == StatusCode::CONFLICT;
        assert!(
            good,
            "{} {address}: {} {}",
            operation.method, answer.status, answer.text
        );
    }
    let seen = world.doors.json("/api/v1/stats").await;
    assert_eq!(seen["sites"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        seen["total"]["discarded"],
        Value::Object(serde_json::Map::new())
    );
}

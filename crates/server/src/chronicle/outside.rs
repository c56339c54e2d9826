//! What other authorities send: a warning that ends by itself, an exercise, and no message.

use base::{Duration, Timestamp};

use super::{COUNTY, Chronicle, LEADER};

impl Chronicle {
    /// One holds for forty minutes; `warnings` lets more than that pass.
    pub(super) async fn received(&self) {
        let now = self.town.world.clock().now();
        let ends = now + Duration::from_mins(40);
        for (bytes, status) in [
            (message("Actual", "Alert", now, ends), 200),
            (message("Exercise", "Alert", now, ends), 200),
            (message("Actual", "Cancel", now, ends), 200),
            ("<alert>".to_owned(), 422),
        ] {
            let path = "/api/received-warnings";
            let (answer, _) = self.town.ask_raw(LEADER, "POST", path, bytes.into_bytes()).await;
            assert_eq!(answer.status.as_u16(), status, "{:?}", answer.body);
        }
    }
}

/// What ends a warning names it.
fn message(status: &str, kind: &str, sent: Timestamp, ends: Timestamp) -> String {
    let [sent, ends] = [sent, ends].map(|time| wire::cap::Time::beijing(time).to_string());
    let references = match kind {
        "Alert" => String::new(),
        _ => format!("<references>qx@example.cn,{status}-Alert,{sent}</references>"),
    };
    format!(
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>{status}-{kind}</identifier>\
         <sender>qx@example.cn</sender><sent>{sent}</sent><status>{status}</status>\
         <msgType>{kind}</msgType><scope>Public</scope>{references}<info><language>zh-CN</language>\
         <category>Met</category><event>暴雨</event><urgency>Immediate</urgency>\
         <severity>Moderate</severity><certainty>Likely</certainty><expires>{ends}</expires>\
         <senderName>市气象台</senderName><headline>暴雨黄色预警</headline><area>\
         <areaDesc>桦甸市</areaDesc><geocode><valueName>GB/T 2260</valueName>\
         <value>{COUNTY}</value></geocode></area></info></alert>"
    )
}

//! Earthquakes: reported by an agency and at the desk, revised, merged, and taken back.

use base::Duration;
use serde_json::{Value as Json, json};

use super::{Chronicle, ENGINEER, OFFICER, id};

impl Chronicle {
    /// Everything that can happen to an earthquake, and to what one shook.
    pub(super) async fn earthquakes(&self) {
        let now = self.town.world.clock().now();
        let quaked = now - Duration::from_mins(5);
        let typed = |time, magnitude: f64| {
            json!({ "time": time, "to_the_minute": true, "lon": 126.75, "lat": 42.97,
                "depth_km": 12, "magnitude": magnitude, "scale": "Ms", "place": "桦甸市",
                "standing": "automatic", "source": "省地震局值班室", "reason": "电话通报" })
        };
        let post = async |body: Json| self.post(OFFICER, "/api/earthquakes", body).await;
        let first = post(typed(quaked, 5.9)).await;
        self.town.settle();
        let mut less = typed(quaked, 5.2);
        less["corrects"] = first["believed"].clone();
        post(less).await;
        self.town.settle();

        // An agency's first place of it is far off, and so another earthquake until it says
        // better.
        for (updated, lon) in [(1, 129.5), (2, 126.8)] {
            let feature = json!({ "type": "Feature", "id": "jl1", "properties": { "mag": 5.3,
                "magType": "ms", "time": quaked.as_millis(), "updated": updated, "net": "jl",
                "status": "automatic", "type": "earthquake" },
                "geometry": { "type": "Point", "coordinates": [lon, 42.9, 9.0] } });
            let told = self.post(ENGINEER, "/api/earthquake-reports", feature).await;
            assert_eq!(told["taken"], 1, "{told}");
            self.town.settle();
        }

        let mistaken = post(typed(quaked - Duration::from_hours(2), 4.0)).await;
        let gone = json!({ "report": mistaken["believed"], "reason": "误登" });
        self.post(OFFICER, &format!("/api/earthquakes/{}/withdraw", id(&mistaken)), gone).await;
        self.town.settle();
    }
}

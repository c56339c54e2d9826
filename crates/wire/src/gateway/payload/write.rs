//! A payload as its plain JSON, in the form it has.

use base::Timestamp;
use serde_json::{Map, Value as Json};

use super::super::value::Value;
use super::{Alarm, Names, Payload, Point, Quota, Row, TimeForm};

impl Payload {
    /// One line of JSON; [`Payload::parse`] gives the same payload of it.
    pub fn to_json(&self) -> String {
        let mut out = Map::new();
        let mut inner = Map::new();
        let (enterprise, gateway) = match self.form.names {
            Names::Hazchem => ("enterpriseId", "gatewayId"),
            Names::Mine => ("enterpriseCode", "gatewayCode"),
        };
        put(&mut out, "dataId", &self.data_id);
        out.insert(enterprise.to_owned(), Json::from(self.enterprise.clone()));
        put(&mut inner, "enterpriseName", &self.enterprise_name);
        put(&mut inner, "enterpriseType", &self.enterprise_type);
        inner.insert(gateway.to_owned(), Json::from(self.gateway.clone()));
        inner.insert("collectTime".to_owned(), self.time(self.collected));
        if let Some(is_connected) = self.is_connected {
            let flag = match self.form.has_text_flags {
                true => Json::from(is_connected.to_string()),
                false => Json::from(is_connected),
            };
            inner.insert("isConnectDataSource".to_owned(), flag);
        }
        inner.insert("reportType".to_owned(), Json::from(self.kind.word()));
        put(&mut inner, "dataType", &self.data_type);
        inner.insert("datas".to_owned(), self.rows.iter().map(|row| self.row(row)).collect());
        for (name, value) in &self.more {
            inner.entry(name.clone()).or_insert_with(|| value.clone());
        }
        match self.form.is_nested {
            true => {
                out.insert("report".to_owned(), Json::Object(inner));
            }
            false => out.extend(inner),
        }
        Json::Object(out).to_string()
    }

    fn row(&self, row: &Row) -> Json {
        match row {
            Row::Quota(quota) => self.quota(quota),
            Row::Point(point) => self.point(point),
            Row::Alarm(alarm) => self.alarm(alarm),
            Row::Other(members) => Json::Object(members.clone()),
            Row::Bad { row, .. } => row.clone(),
        }
    }

    fn quota(&self, quota: &Quota) -> Json {
        let mut out = Map::new();
        out.insert("quotaId".to_owned(), Json::from(quota.quota_id.clone()));
        out.insert("value".to_owned(), value(&quota.value));
        if let Some(is_valid) = quota.is_valid {
            out.insert("isValid".to_owned(), Json::from(is_valid));
        }
        with(out, &quota.more)
    }

    fn point(&self, point: &Point) -> Json {
        let mut out = Map::new();
        put(&mut out, "ksbh", &point.ksbh);
        out.insert("pointCode".to_owned(), Json::from(point.code.clone()));
        put(&mut out, "sensorType", &point.sensor_type);
        put(&mut out, "pointLocation", &point.place);
        out.insert("pointValue".to_owned(), value(&point.value));
        put(&mut out, "valueUnit", &point.unit);
        let status = point.status.map(|status| status.to_string());
        put(&mut out, "pointStatus", &status.or_else(|| point.bad_status.clone()));
        if let Some(time) = point.time {
            out.insert("dataTime".to_owned(), self.time(time));
        }
        with(out, &point.more)
    }

    fn alarm(&self, alarm: &Alarm) -> Json {
        let mut out = Map::new();
        put(&mut out, "ksbh", &alarm.ksbh);
        out.insert("alarmStartTime".to_owned(), self.time(alarm.start));
        if let Some(end) = alarm.end {
            out.insert("alarmOverTime".to_owned(), self.time(end));
        }
        put(&mut out, "alarmLevel", &alarm.level);
        put(&mut out, "alarmStatus", &alarm.status);
        put(&mut out, "alarmType", &alarm.kind);
        put(&mut out, "relatedObj", &alarm.related);
        put(&mut out, "Alarmcode", &alarm.code);
        put(&mut out, "alarmDesc", &alarm.description);
        with(out, &alarm.more)
    }

    fn time(&self, moment: Timestamp) -> Json {
        let text = moment.to_beijing();
        match self.form.time {
            TimeForm::Dashed => Json::from(text),
            TimeForm::Compact => Json::from(text.replace(['-', ' ', ':'], "")),
        }
    }
}

fn put(out: &mut Map<String, Json>, name: &str, text: &Option<String>) {
    if let Some(text) = text {
        out.insert(name.to_owned(), Json::from(text.clone()));
    }
}

/// As text: both forms are read, and hazchem's sample has it so.
fn value(value: &Value) -> Json {
    match value {
        Value::Number(number) => Json::from(number.text()),
        Value::Empty => Json::from(""),
        Value::Bad(text) => Json::from(&**text),
    }
}

fn with(mut out: Map<String, Json>, more: &Map<String, Json>) -> Json {
    for (name, value) in more {
        out.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Json::Object(out)
}

// What has more texts than an index of texts takes.
CREATE RANGE INDEX competency_wordy IF NOT EXISTS FOR (n:Competency) ON (n.wordy);
CREATE RANGE INDEX partner_wordy IF NOT EXISTS FOR (n:Partner) ON (n.wordy);
CREATE RANGE INDEX office_wordy IF NOT EXISTS FOR (n:Office) ON (n.wordy);
CREATE RANGE INDEX customer_wordy IF NOT EXISTS FOR (n:Customer) ON (n.wordy);
CREATE RANGE INDEX site_wordy IF NOT EXISTS FOR (n:Site) ON (n.wordy);

package org

// HazardSubject says whose a hazard is, as far as permissions care: its unit's, and the
// safety sections'. reporter may always see it.
func (d *Directory) HazardSubject(unit, reporter string) Subject {
	s := Subject{Unit: unit, Reporter: reporter}
	for _, p := range d.SafetySection() {
		s.Sections = append(s.Sections, p.Post.UnitID)
	}
	return s
}
